import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import http from '../../outputs/http/index.js'
import { readEvents } from '../../src/event/entry-reader.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Output } from '../../src/plugin/define.js'
import { AgentError, PartialError, PermanentError, RetryLater } from '../../src/plugin/errors.js'
import { outputContract } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { type Answer, HttpDestination, type Received } from '../support/http-destination.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { freePort } from '../support/ports.js'

const forever = new AbortController().signal
const ended: (() => Promise<void> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function outputTo(port: number, options: { readonly [name: string]: unknown } = {}): Promise<Output> {
  const output = await http.create(optionsOf(http, { port, ...options }), new RecordingOutputContext())
  ended.push(() => output.close?.())
  return output
}

async function destination(answer?: Answer): Promise<HttpDestination> {
  const server = await new HttpDestination().listen()
  if (answer) server.answer = answer
  ended.push(() => server.close())
  return server
}

function status(code: number, headers: { readonly [name: string]: string } = {}, text = ''): Answer {
  return (_request, response) => void response.writeHead(code, headers).end(text)
}

/** The records of a json_lines body. */
function recordsOf({ body }: Received): EventRecord[] {
  const lines = body
    .toString()
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line) => {
    const { date: _date, ...record } = JSON.parse(line) as EventRecord
    return record
  })
}

function numbered(count: number, tag = 'test'): { tag: string; record: EventRecord }[] {
  return Array.from({ length: count }, (_, n) => ({ tag, record: { n } }))
}

async function failure(promise: Promise<void>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AgentError, 'expected the flush to reject with an AgentError')
  return error
}

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
    assert.equal(recordsOf({ ...request, body: gunzipSync(request.body) }).length, 500)
  })

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

  test('is a request for each run of a tag with header_tag, and the tag is safe in a header', async () => {
    const server = await destination()
    const output = await outputTo(server.port, { header_tag: 'X-Tag', format: 'json_lines' })
    await output.flush(batchOf([...numbered(2, 'a'), ...numbered(1, 'b\r\nü'), ...numbered(1, 'a')]), forever)
    assert.deepEqual(
      server.requests.map(({ headers }) => headers['x-tag']),
      ['a', 'b%0D%0A%C3%BC', 'a'],
    )
    assert.deepEqual(
      server.requests.map((request) => recordsOf(request).length),
      [2, 1, 1],
    )
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

describe('how the http output takes an answer', () => {
  test('a 429 with Retry-After asks the engine to wait so long', async () => {
    const server = await destination(status(429, { 'retry-after': '17' }, 'slow down'))
    const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(1)), forever))
    assert.ok(error instanceof RetryLater)
    assert.equal(error.afterMs, 17_000)
    assert.match(error.message, /answered 429 "slow down", asked to wait 17 s/)
  })

  test('a 503 with a date asks the engine to wait until then', async () => {
    const server = await destination(status(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }))
    const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(1)), forever))
    assert.ok(error instanceof RetryLater)
    assert.ok(error.afterMs > 50_000 && error.afterMs <= 60_000, `${error.afterMs}`)
  })

  test('a redirect is told and not followed', async () => {
    const server = await destination(status(302, { location: 'http://elsewhere/' }))
    const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(1)), forever))
    assert.ok(!(error instanceof PermanentError))
    assert.match(error.message, /answered 302, a redirect to "http:\/\/elsewhere\/"/)
    assert.equal(server.requests.length, 1)
  })

  test('a refusal is told without the secrets that the server repeats', async () => {
    const server = await destination((request, response) => {
      response.writeHead(401).end(`no access for ${request.headers.authorization}`)
    })
    const error = await failure(
      (await outputTo(server.port, { bearer_token: 'hunter2' })).flush(batchOf(numbered(1)), forever),
    )
    assert.ok(error instanceof PermanentError)
    assert.match(error.message, /answered 401 "no access for \*\*\*"/)
  })

  test('a 413 halves the batch until each part is taken, in order', async () => {
    const taken: EventRecord[] = []
    const server = await destination((request, response) => {
      const records = recordsOf(request)
      if (records.length > 3) return void response.writeHead(413).end()
      taken.push(...records)
      response.writeHead(200).end()
    })
    await (
      await outputTo(server.port, { format: 'json_lines' })
    ).flush(batchOf([...numbered(6, 'a'), ...numbered(5, 'b')]), forever)
    assert.deepEqual(
      taken,
      [...numbered(6), ...numbered(5)].map(({ record }) => record),
    )
  })

  test('a size once refused is not offered again', async () => {
    const server = await destination((request, response) => {
      response.writeHead(request.body.length > 100 ? 413 : 200).end()
    })
    const output = await outputTo(server.port, { format: 'json_lines' })
    await output.flush(batchOf(numbered(20)), forever)
    const before = server.requests.length
    await output.flush(batchOf(numbered(20)), forever)
    const sizes = server.requests.slice(before).map(({ body }) => body.length)
    assert.ok(sizes.length > 1)
    assert.ok(
      sizes.every((size) => size <= 100),
      sizes.join(' '),
    )
  })

  test('a retry sends only what was not taken before', async () => {
    const taken: EventRecord[] = []
    let answers = 0
    const server = await destination((request, response) => {
      const records = recordsOf(request)
      if (records.length > 2) return void response.writeHead(413).end()
      if (++answers === 2) return void response.writeHead(500).end()
      taken.push(...records)
      response.writeHead(200).end()
    })
    const output = await outputTo(server.port, { format: 'json_lines' })
    await failure(output.flush(batchOf(numbered(8)), forever))
    assert.deepEqual(taken, [{ n: 0 }, { n: 1 }])
    await output.flush(batchOf(numbered(8), 2), forever)
    assert.deepEqual(
      taken,
      numbered(8).map(({ record }) => record),
    )
  })

  test('one tag that is refused keeps none of the others from being delivered', async () => {
    const server = await destination((request, response) => {
      response.writeHead(request.headers['x-tag'] === 'b' ? 403 : 200).end()
    })
    const output = await outputTo(server.port, { header_tag: 'X-Tag' })
    const batch = batchOf([...numbered(1, 'a'), ...numbered(2, 'b'), ...numbered(1, 'c')])
    const error = await failure(output.flush(batch, forever))
    assert.ok(error instanceof PartialError)
    assert.deepEqual([...error.rejected.keys()], [1, 2])
    assert.match(error.rejected.get(1) ?? '', /answered 403/)
    assert.equal(server.requests.length, 3)
  })

  test('a long answer is read no further than it must be', async () => {
    const server = await destination((_request, response) => {
      response.writeHead(200)
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) continue
      }
      response.on('drain', more)
      more()
    })
    const output = await outputTo(server.port)
    await output.flush(batchOf(numbered(1)), forever)
    assert.equal(server.requests.length, 1)
  })
})

describe('what the http output does about a bad link', () => {
  test('nobody listening asks for a retry, and says where', async () => {
    const port = await freePort()
    const error = await failure((await outputTo(port)).flush(batchOf(numbered(1)), forever))
    assert.match(error.message, new RegExp(`^http://127.0.0.1:${port}/: .*ECONNREFUSED`))
  })

  test('a server that says nothing is given up after response_timeout', async () => {
    const server = await destination(() => undefined)
    const error = await failure(
      (await outputTo(server.port, { 'http.response_timeout': '50ms' })).flush(batchOf(numbered(1)), forever),
    )
    assert.match(error.message, /headers timeout/i)
  })

  test('an answer that is cut off asks for a retry', async () => {
    const server = await destination((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half of it', () => response.destroy())
    })
    const error = await failure((await outputTo(server.port)).flush(batchOf(numbered(1)), forever))
    assert.ok(!(error instanceof PermanentError))
  })

  test('an answer that stops half way is given up after response_timeout', async () => {
    const server = await destination(
      (_request, response) => void response.writeHead(200, { 'content-length': '1000' }).write('half'),
    )
    const error = await failure(
      (await outputTo(server.port, { 'http.response_timeout': '50ms' })).flush(batchOf(numbered(1)), forever),
    )
    assert.match(error.message, /body timeout/i)
  })

  test('an answer that comes in drops is taken all the same', async () => {
    const server = await destination((_request, response) => {
      response.writeHead(200, { 'content-length': '3' })
      response.write('a', () => response.write('b', () => setTimeout(() => response.end('c'), 20)))
    })
    await (await outputTo(server.port)).flush(batchOf(numbered(1)), forever)
    assert.equal(server.requests.length, 1)
  })

  test('something that speaks no HTTP asks for a retry', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined))
      socket.once('data', () => socket.end('220 welcome\r\n'))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    ended.push(async () => void server.close())
    const { port } = server.address() as { port: number }
    const error = await failure((await outputTo(port)).flush(batchOf(numbered(1)), forever))
    assert.ok(!(error instanceof PermanentError))
    for (const socket of sockets) socket.destroy()
  })

  test('a server that comes back is found again', async () => {
    const port = await freePort()
    const output = await outputTo(port)
    await failure(output.flush(batchOf(numbered(1)), forever))
    const server = await new HttpDestination().listen(port)
    ended.push(() => server.close())
    await output.flush(batchOf(numbered(1), 2), forever)
    assert.equal(server.requests.length, 1)
  })

  test('a kept connection that the server closed is no failure', async () => {
    const server = await destination()
    const output = await outputTo(server.port)
    await output.flush(batchOf(numbered(1)), forever)
    const closed = server.dropConnections()
    await closed
    await output.flush(batchOf(numbered(1)), forever)
    assert.equal(server.connections, 2)
  })

  test('closing leaves no connection behind', async () => {
    const server = await destination()
    const output = await outputTo(server.port)
    await output.flush(batchOf(numbered(1)), forever)
    await output.close?.()
    await server.idle()
    assert.equal(server.open, 0)
  })
})

test('what cannot be sent is told when the output is made', async () => {
  const create = (raw: { readonly [name: string]: unknown }): unknown =>
    http.create(optionsOf(http, raw), new RecordingOutputContext())
  assert.throws(() => create({ header: { 'X Site': 'north' } }), { code: 'HTTP_HEADER' })
  assert.throws(() => create({ header_tag: 'X Tag' }), { code: 'HTTP_HEADER' })
  assert.throws(() => create({ http_passwd: 'x' }), { code: 'HTTP_CREDENTIALS' })
  assert.throws(() => create({ proxy: 'http://x' }), /connect to the server directly/)
})

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
