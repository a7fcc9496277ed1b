import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as zlib from 'node:zlib'
import http from '../../outputs/http/index.js'
import { readEvents } from '../../src/event/entry-reader.js'
import type { EventRecord } from '../../src/event/event.js'
import { uncompressBlock } from '../../src/snappy/uncompress-block.js'
import { outputContract } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { type Answer, HttpDestination } from '../support/http-destination.js'
import { failure, forever, httpParts, numbered, recordsOf, status } from '../support/http-output.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

outputContract(
  'http',
  async () => {
    const server = await new HttpDestination().listen()
    const output = await http.create(
      optionsOf(http, { port: server.port, format: 'json_lines' }),
      new RecordingOutputContext(),
    )
    const taken: EventRecord[] = []
    const take: Answer = (request, response) => {
      taken.push(...recordsOf(request))
      response.writeHead(204).end()
    }
    return {
      output,
      taken: () => taken,
      accept: () => void (server.answer = take),
      fail: () => void (server.answer = status(503)),
      refuse: () => void (server.answer = status(400, {}, 'no such field')),
      refuseOne: () => {
        server.answer = (request, response) =>
          recordsOf(request).some(({ n }) => n === 1) ? status(413)(request, response) : take(request, response)
      },
      hang: () => {
        server.answer = () => undefined
        return { reached: server.received(server.requests.length + 1) }
      },
      end: () => server.close(),
    }
  },
  ['fail', 'refuse', 'refuseOne', 'hang'],
)

describe('what the http output sends', () => {
  const { outputTo, destination } = httpParts()

  test('is one request with all events, its length and its type', async () => {
    const server = await destination()
    const output = await outputTo(server.port, { uri: '/in?site=north', format: 'json_lines' })
    await output.flush(batchOf([...numbered(2, 'a'), ...numbered(1, 'b')]), forever)
    const [request] = server.requests
    assert.ok(request)
    assert.equal(server.requests.length, 1)
    assert.equal(request.method, 'POST')
    assert.equal(request.url, '/in?site=north')
    assert.equal(request.headers.host, `127.0.0.1:${server.port}`)
    assert.equal(request.headers['content-type'], 'application/x-ndjson')
    assert.equal(request.headers['content-length'], String(request.body.length))
    assert.deepEqual(recordsOf(request), [{ n: 0 }, { n: 1 }, { n: 0 }])
  })

  test('is the entries themselves with format msgpack, which is the default', async () => {
    const server = await destination()
    const batch = batchOf([{ seconds: 7, nanoseconds: 8, record: { big: 2n ** 63n, raw: Uint8Array.of(1) } }])
    await (await outputTo(server.port)).flush(batch, forever)
    const [request] = server.requests
    assert.ok(request)
    assert.equal(request.headers['content-type'], 'application/msgpack')
    const events = [...readEvents({ tag: 'test', entries: request.body, count: 1 })]
    assert.equal(events[0]?.record['big'], 2n ** 63n)
    assert.deepEqual(events[0].time, { seconds: 7, nanoseconds: 8 })
  })

  test('is a message of Graylog a line with format gelf, its host and text from the fields that the user names', async () => {
    const server = await destination()
    const raw = { format: 'gelf', gelf_host_key: 'gateway', gelf_short_message_key: 'what' }
    const output = await outputTo(server.port, raw)
    await output.flush(
      batchOf([{ record: { gateway: 'gw1', what: 'up', n: 1 } }, { record: { what: 'down' } }]),
      forever,
    )
    const lines = (server.requests[0]?.body.toString() ?? '').trim().split('\n')
    const [first, second] = lines.map((line) => JSON.parse(line) as EventRecord)
    assert.deepEqual([first?.['host'], first?.['short_message'], first?.['_n']], ['gw1', 'up', 1])
    assert.deepEqual([second?.['version'], second?.['short_message']], ['1.1', 'down'])
  })

  test('is an array with format json, put where the user says', async () => {
    const server = await destination()
    await (await outputTo(server.port, { format: 'json', http_method: 'PUT' })).flush(batchOf(numbered(2)), forever)
    const [request] = server.requests
    assert.ok(request)
    assert.equal(request.method, 'PUT')
    assert.equal((JSON.parse(request.body.toString()) as unknown[]).length, 2)
  })

  test('is compressed when asked for', async () => {
    const server = await destination()
    const output = await outputTo(server.port, { compress: 'gzip', format: 'json_lines' })
    await output.flush(batchOf(numbered(500)), forever)
    const [request] = server.requests
    assert.ok(request)
    assert.equal(request.headers['content-encoding'], 'gzip')
    assert.equal(recordsOf({ ...request, body: zlib.gunzipSync(request.body) }).length, 500)
  })

  test('is a Snappy block when asked for', async () => {
    const server = await destination()
    const output = await outputTo(server.port, { compress: 'snappy', format: 'json_lines' })
    await output.flush(batchOf(numbered(500)), forever)
    const [request] = server.requests
    assert.ok(request)
    assert.equal(request.headers['content-encoding'], 'snappy')
    const body = Buffer.from(uncompressBlock(request.body, 1 << 20))
    assert.equal(recordsOf({ ...request, body }).length, 500)
  })

  test(
    'is compressed with zstd when asked for, on a Node that has it',
    { skip: !('zstdDecompressSync' in zlib) },
    async () => {
      const server = await destination()
      const output = await outputTo(server.port, { compress: 'zstd', format: 'json_lines' })
      await output.flush(batchOf(numbered(500)), forever)
      const [request] = server.requests
      assert.ok(request)
      assert.equal(request.headers['content-encoding'], 'zstd')
      const { zstdDecompressSync } = zlib as unknown as { readonly zstdDecompressSync: typeof zlib.gunzipSync }
      assert.equal(recordsOf({ ...request, body: zstdDecompressSync(request.body) }).length, 500)
    },
  )

  test('has the headers and the credentials of the user', async () => {
    const server = await destination()
    const header = ['X-Site north wing', 'Content-Type application/vnd.test']
    await (
      await outputTo(server.port, { header, http_user: 'me', http_passwd: 'pass' })
    ).flush(batchOf(numbered(1)), forever)
    const [request] = server.requests
    assert.equal(request?.headers['x-site'], 'north wing')
    assert.equal(request.headers['content-type'], 'application/vnd.test')
    assert.equal(request.headers.authorization, `Basic ${Buffer.from('me:pass').toString('base64')}`)
  })

  test('is a request for each tag with header_tag, and the tag is safe in a header', async () => {
    const server = await destination()
    const output = await outputTo(server.port, { header_tag: 'X-Tag', format: 'json_lines' })
    await output.flush(batchOf([...numbered(2, 'a'), ...numbered(1, 'b\r\nü'), ...numbered(1, 'a')]), forever)
    assert.deepEqual(
      server.requests.map(({ headers }) => headers['x-tag']),
      ['a', 'b%0D%0A%C3%BC'],
    )
    assert.deepEqual(server.requests.map(recordsOf), [[{ n: 0 }, { n: 1 }, { n: 0 }], [{ n: 0 }]])
  })

  test('goes over one connection, batch after batch', async () => {
    const server = await destination()
    const output = await outputTo(server.port)
    for (let flush = 0; flush < 5; flush++) await output.flush(batchOf(numbered(1)), forever)
    assert.equal(server.requests.length, 5)
    assert.equal(server.connections, 1)
  })

  test('goes over a connection for each request without keepalive', async () => {
    const server = await destination()
    const output = await outputTo(server.port, { 'net.keepalive': 'off' })
    for (let flush = 0; flush < 3; flush++) await output.flush(batchOf(numbered(1)), forever)
    assert.equal(server.connections, 3)
  })

  test('carries a key that is the same for a retry', async () => {
    const server = await destination(status(500))
    const output = await outputTo(server.port)
    await failure(output.flush(batchOf(numbered(3)), forever))
    server.answer = status(200)
    await output.flush(batchOf(numbered(3), 2), forever)
    const keys = server.requests.map(({ headers }) => headers['idempotency-key'])
    assert.deepEqual(keys, ['"batch-0.0-3"', '"batch-0.0-3"'])
  })
})

test('what cannot be sent is told when the output is made', async () => {
  const create = (raw: { readonly [name: string]: unknown }): unknown =>
    http.create(optionsOf(http, raw), new RecordingOutputContext())
  assert.throws(() => create({ header: { 'X Site': 'north' } }), { code: 'HTTP_HEADER' })
  assert.throws(() => create({ header_tag: 'X Tag' }), { code: 'HTTP_HEADER' })
  assert.throws(() => create({ http_passwd: 'x' }), { code: 'HTTP_CREDENTIALS' })
  assert.throws(() => create({ host: 'http://x' }), /host: expected a host name or an address/)
  assert.throws(() => create({ uri: '/a b' }), /uri: expected a path with its blanks written as %20, got "\/a b"/)
  assert.throws(() => create({ proxy: 'https://me:pass@x' }), {
    code: 'HTTP_PROXY',
    message: 'proxy: expected an address such as http://user:password@host:port',
  })
  const noZstd = 'zstdCompress' in zlib ? undefined : 'HTTP_ZSTD'
  assert.equal(
    codeOf(() => create({ compress: 'zstd' })),
    noZstd,
  )
})

function codeOf(work: () => unknown): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return (error as { readonly code?: unknown }).code
  }
}

test('an address on the command line becomes options', () => {
  const read = (url: string): unknown => http.fromUrl?.(new URL(url))
  assert.deepEqual(read('http://localhost'), { host: 'localhost', uri: '/' })
  assert.deepEqual(read('https://me:p%40ss@[::1]:8443/in?a=b'), {
    host: '::1',
    uri: '/in?a=b',
    port: 8443,
    tls: true,
    http_user: 'me',
    http_passwd: 'p@ss',
  })
})
