import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { get, request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'

import proxy from '../../stages/proxy/index.js'
import { folderOf } from '../support/folder.js'
import { Nginx } from '../support/nginx.js'
import { peer } from '../support/peers.js'
import { serveStage } from '../support/stage-server.js'
import { startUpstream, textOf } from '../support/upstream.js'

const nginx = peer('nginx')

test('nginx is asked for what the client asked for, and its answer is the answer', { skip: nginx.skip }, async (t) => {
  const upstream = await Nginx.start(`
    location / {
      add_header X-Of-Upstream yes always;
      return 418 "$request_method $request_uri $http_host $http_x_forwarded_for $http_x_mine";
    }
  `)
  t.after(() => upstream.end())
  const { url } = await serveStage(t, proxy, { upstreams: `http://127.0.0.1:${upstream.port}` })
  const answer = await fetch(`${url}/a%20b?c=d&e`, { method: 'PUT', headers: { 'x-mine': 'x' }, body: 'body' })
  assert.deepEqual([answer.status, answer.headers.get('x-of-upstream')], [418, 'yes'])
  assert.equal(await answer.text(), `PUT /a%20b?c=d&e 127.0.0.1:${upstream.port} 127.0.0.1 x`)
  const head = await fetch(url, { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [418, ''])
})

test('bodies of any size come through whole, with a length or without, both ways', async (t) => {
  const upstream = await startUpstream(t, (asked, answer) => {
    const { 'content-length': length = 'none' } = asked.headers
    answer.setHeader('x-length', length)
    if (asked.url === '/measured') answer.setHeader('content-length', length)
    asked.pipe(answer)
  })
  const { url, context } = await serveStage(t, proxy, { upstreams: upstream.url, max_body_size: '64MiB' })
  const body = randomBytes(5_000_000)
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  const send = (path: string, content: unknown): Promise<Response> =>
    fetch(`${url}${path}`, { method: 'POST', body: content, duplex: 'half' } as never)
  const measured = await send('/measured', body)
  assert.equal(measured.headers.get('x-length'), String(body.length))
  assert.equal(measured.headers.get('content-length'), String(body.length))
  assert.equal(digest(await bytesOf(measured)), digest(body))
  const chunked = await send('/chunked', new Blob([body]).stream())
  assert.deepEqual([chunked.headers.get('x-length'), chunked.headers.get('content-length')], ['none', null])
  assert.equal(digest(await bytesOf(chunked)), digest(body))
  assert.equal(context.reserved, 0)
})

test('an answer begins when the upstream begins it, and comes no faster than the client takes it', async (t) => {
  let written = 0
  let leave = (): void => undefined
  const left = new Promise<void>((resolve) => (leave = resolve))
  const part = Buffer.alloc(100_000)
  const upstream = await startUpstream(t, (asked, answer) => {
    if (asked.url === '/quick') return void answer.end()
    answer.flushHeaders()
    const write = (): void => {
      do written += part.length
      while (answer.write(part) && written < 100_000_000)
    }
    answer.on('drain', write)
    if (asked.url !== '/endless') return
    asked.socket.once('close', leave)
    write()
  })
  const { url } = await serveStage(t, proxy, { upstreams: upstream.url })
  const silent = get(`${url}/silent`)
  assert.equal(((await once(silent, 'response')) as [{ statusCode: number }])[0].statusCode, 200)
  silent.destroy()
  const slow = get(`${url}/endless`)
  const [answer] = (await once(slow, 'response')) as [NodeJS.ReadableStream]
  for (let before = -1, same = 0; same < 20; before = written) {
    await fetch(`${url}/quick`)
    same = before === written ? same + 1 : 0
  }
  assert.ok(written > 0 && written < 20_000_000, `${written} bytes without a reader`)
  slow.destroy()
  answer.on('error', () => undefined)
  await left
})

test('a client that goes away takes its request away from the upstream', async (t) => {
  let gone = (): void => undefined
  const left = new Promise<void>((resolve) => (gone = resolve))
  const upstream = await startUpstream(t, (_asked, answer) => void answer.on('close', gone))
  const { url, context } = await serveStage(t, proxy, { upstreams: upstream.url })
  const asked = request(`${url}/slow`).end()
  asked.on('error', () => undefined)
  await once(upstream.server, 'request')
  asked.destroy()
  await left
  assert.deepEqual([context.counted, context.log.lines], [{}, []])
})

test('an answer that breaks off at the upstream breaks off at the client', async (t) => {
  const upstream = await startUpstream(t, (asked, answer) => {
    if (asked.url === '/measured') answer.setHeader('content-length', '1000')
    answer.write('half', () => asked.socket.destroy())
  })
  const { url, context } = await serveStage(t, proxy, { upstreams: upstream.url })
  for (const path of ['/measured', '/chunked']) {
    const answer = await fetch(`${url}${path}`)
    await assert.rejects(answer.text(), path)
  }
  assert.equal(context.counted['refused_upstream_failed'], 2)
})

test('an upstream that answers before it has read the body is heard', async (t) => {
  const upstream = await startUpstream(t, (_asked, answer) => void answer.writeHead(403).end('no'))
  const { url } = await serveStage(t, proxy, { upstreams: upstream.url })
  const asked = request(url, { method: 'POST', headers: { 'content-length': '10' } })
  asked.write('half.')
  const [answer] = await once(asked, 'response')
  assert.deepEqual([answer.statusCode, await textOf(answer)], [403, 'no'])
  asked.end('other')
})

test('a client that waits for a word before it sends its body gets it', async (t) => {
  const upstream = await startUpstream(t, (asked, answer) => {
    assert.equal(asked.headers.expect, undefined)
    asked.pipe(answer)
  })
  const { url } = await serveStage(t, proxy, { upstreams: upstream.url })
  const asked = request(url, { method: 'POST', headers: { expect: '100-continue', 'content-length': '2' } })
  asked.flushHeaders()
  await once(asked, 'continue')
  asked.end('ok')
  const [answer] = await once(asked, 'response')
  assert.equal(await textOf(answer), 'ok')
})

test('a body longer than the limit gets a 413, and the upstream never gets all of it', async (t) => {
  const received: number[] = []
  const upstream = await startUpstream(t, (asked, answer) => {
    let bytes = 0
    asked.on('data', (part: Buffer) => (bytes += part.length))
    asked.on('end', () => answer.end())
    asked.on('error', () => undefined).on('close', () => received.push(bytes))
  })
  const { url } = await serveStage(t, proxy, { upstreams: upstream.url, max_body_size: 100_000 })
  const send = async (body: unknown): Promise<number> =>
    (await fetch(url, { method: 'POST', body, duplex: 'half' } as never)).status
  const bytes = Buffer.alloc(100_001)
  assert.equal(await send(bytes.subarray(1)), 200)
  assert.equal(await send(bytes), 413)
  assert.equal(await send(new Blob([bytes, bytes]).stream()), 413)
  assert.equal(received[0], 100_000)
  assert.ok(received.slice(1).every((count) => count <= 100_000))
})

test('an upstream on a unix socket is asked as localhost', async (t) => {
  const path = join(folderOf(t, {}), 'app.sock')
  await startUpstream(t, (asked, answer) => void answer.end(asked.headers.host), { path })
  const { url } = await serveStage(t, proxy, { upstreams: `unix:${path}` })
  assert.equal(await (await fetch(url)).text(), 'localhost')
})

test('a server that stops leaves no connection to an upstream behind', async (t) => {
  const upstream = await startUpstream(t, (_asked, answer) => void answer.end())
  const connected = once(upstream.server, 'connection')
  const server = await serveStage(t, proxy, { upstreams: upstream.url })
  await fetch(server.url)
  const [socket] = await connected
  const closed = once(socket, 'close')
  await server.stop()
  await closed
})

async function bytesOf(answer: Response): Promise<Uint8Array> {
  return new Uint8Array(await answer.arrayBuffer())
}
