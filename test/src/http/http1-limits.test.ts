import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

import { FixedAccount, type HttpExchange, routerOf, type Stage } from '../../../src/http/index.js'
import { systemClock } from '../../../src/base/clock.js'
import { startServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { RawClient, say, statusesIn } from '../../support/raw-client.js'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n'

const stage: Stage = {
  handle: routerOf({
    'GET /': (exchange) => exchange.reply(200, 'here'),
    'POST /': async (exchange) => exchange.reply(200, await exchange.body()),
  }),
}

test('a head that comes too slowly gets a 408, though Node itself never listens', async (t) => {
  const { port, context } = await startServer(t, { stages: [stage], limits: { headerMs: 200 } })
  const answer = await say(t, port, 'GET / HTTP/1.1\r\nHost')
  assert.deepEqual(statusesIn(answer), [408])
  assert.match(answer, /the request did not come in time/)
  assert.deepEqual(context.counted, { refused_too_slow: 1 })
})

test('a client that says nothing at all is not waited for', async (t) => {
  const { port, context } = await startServer(t, { stages: [stage], limits: { headerMs: 200 } })
  const silent = await RawClient.connect(t, port)
  assert.equal(await silent.closed, '')
  assert.deepEqual(context.counted, { refused_too_slow: 1 })
})

test('a body that comes too slowly gets a 408, what it held is free, and whoever waits for it is told', async (t) => {
  const ended: unknown[] = []
  const waiting: Stage = {
    handle: (exchange) =>
      exchange.body().then(
        () => true,
        (error) => (ended.push(error), true),
      ),
  }
  const { port, context } = await startServer(t, { stages: [waiting], limits: { headerMs: 200, requestMs: 300 } })
  const client = await RawClient.connect(t, port)
  client.send(`${post}half`)
  const answer = await client.closed
  assert.deepEqual(statusesIn(answer), [408], answer)
  assert.match(answer, /^connection: close\r$/im)
  assert.match(String(ended), /did not come in time/)
  assert.deepEqual([context.counted, context.reserved], [{ refused_too_slow: 1 }, 0])
})

test('a body that breaks off ends its request too, and no answer is given to the part that came', async (t) => {
  const { port, context } = await startServer(t, { stages: [stage] })
  const client = await RawClient.connect(t, port)
  client.send(`${post}half`)
  client.socket.end()
  assert.doesNotMatch(await client.closed, /200/)
  await context.until(() => context.counted['refused_cut_off'] === 1)
  assert.equal(context.reserved, 0)
})

test('a connection that asks for nothing more is closed, and one that has asked in between is not', async (t) => {
  const { port } = await startServer(t, { stages: [stage], limits: { idleMs: 300 } })
  assert.deepEqual(statusesIn(await say(t, port, get)), [200])
  const busy = await RawClient.connect(t, port)
  for (const asked of [1, 2, 3]) {
    busy.send(get)
    await busy.until(new RegExp(`(here[^]*){${asked}}$`))
  }
  await busy.closed
})

test('an answer says how long its connection is kept, so that clients do not ask when it ends', async (t) => {
  const { port } = await startServer(t, { stages: [stage], limits: { idleMs: 7000 } })
  const client = await RawClient.connect(t, port)
  client.send(get)
  assert.match(await client.until(/here/), /^connection: keep-alive\r\nkeep-alive: timeout=7\r$/im)
})

test('a connection that speaks another protocol now is not closed for being idle', async (t) => {
  const other: Stage = {
    onUpgrade: (exchange, socket) => {
      exchange.isUpgraded = true
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n')
      return socket.on('data', (bytes) => socket.write(bytes)).writable
    },
  }
  const { port } = await startServer(t, { stages: [stage, other], limits: { idleMs: 100 } })
  const upgraded = await RawClient.connect(t, port)
  upgraded.send(get)
  await upgraded.until(/here/)
  upgraded.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  await upgraded.until(/ 101 /)
  for (const _ of [1, 2]) await say(t, port, get)
  upgraded.send('still here')
  await upgraded.until(/still here$/)
})

test('a client that has said all still gets its answer, and the server does not keep its end open', async (t) => {
  const { port } = await startServer(t, { stages: [stage] })
  const client = await RawClient.connect(t, port, true)
  client.socket.end(get)
  await client.until(/here/)
  await once(client.socket, 'end')
})

test('a client that does not take its answer is let go', async (t) => {
  const big: Stage = { handle: (exchange) => exchange.reply(200, Buffer.alloc(64 * 1024 * 1024)) }
  const { port, context } = await startServer(t, { stages: [big], limits: { requestMs: 300, headerMs: 200 } })
  const client = await RawClient.connect(t, port)
  client.socket.pause()
  client.send(get)
  await context.until(() => context.counted['refused_too_slow_to_read'] === 1)
  client.socket.resume()
  assert.ok((await client.closed).length < 64 * 1024 * 1024)
})

test('a head that is too long, or has too many headers, gets a 431', async (t) => {
  const { port, context } = await startServer(t, { stages: [stage], limits: { headerBytes: 2000, headerCount: 10 } })
  const headers = (count: number): string => 'X: y\r\n'.repeat(count)
  assert.deepEqual(statusesIn(await say(t, port, `GET /${'x'.repeat(3000)} HTTP/1.1\r\nHost: a\r\n\r\n`)), [431])
  assert.deepEqual(statusesIn(await say(t, port, `GET / HTTP/1.1\r\nHost: a\r\n${headers(10)}\r\n`)), [431])
  assert.deepEqual(context.counted, { refused_header_too_long: 1, refused_too_many_headers: 1 })
  const within = await RawClient.connect(t, port)
  within.send(`GET / HTTP/1.1\r\nHost: a\r\n${headers(9)}\r\n`)
  await within.until(/ 200 /)
})

test('a thousand idle connections cost nobody an answer; further ones are closed as they come', async (t) => {
  const limits = { connections: 1000, connectionsPerAddress: 1000, headerMs: 60_000 }
  const { port, context } = await startServer(t, { stages: [stage], limits })
  const first = await RawClient.connect(t, port)
  first.send(get)
  await first.until(/here/)
  const idle = await Promise.all(Array.from({ length: 999 }, () => RawClient.connect(t, port)))
  const further = await RawClient.connect(t, port)
  assert.equal(await further.closed, '')
  assert.deepEqual(context.counted, { refused_too_many_connections: 1 })
  for (const client of [first, ...idle.slice(0, 10)]) client.send(get)
  await first.until(/here[^]*here/)
  for (const client of idle.slice(0, 10)) await client.until(/here/)
})

test('one address has no more than its share of connections, until it closes one', async (t) => {
  const { port, context } = await startServer(t, { stages: [stage], limits: { connectionsPerAddress: 2 } })
  const [one] = [await RawClient.connect(t, port), await RawClient.connect(t, port)]
  assert.equal(await (await RawClient.connect(t, port)).closed, '')
  assert.deepEqual(context.counted, { refused_too_many_connections_of_address: 1 })
  one?.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await one?.closed
  const next = await RawClient.connect(t, port)
  next.send(get)
  await next.until(/here/)
})

test('a connection ends with the last request that it may have', async (t) => {
  const { port } = await startServer(t, { stages: [stage], limits: { requestsPerConnection: 2 } })
  const answer = await say(t, port, get + get + get)
  assert.deepEqual(statusesIn(answer), [200, 200])
  assert.equal([...answer.matchAll(/^connection: close\r$/gim)].length, 1)
})

test('requests that a client sends before it has an answer are answered in order, and a broken one costs only what follows', async (t) => {
  const open = new Map<string, () => void>()
  const held: Stage = {
    handle: (exchange) =>
      new Promise((resolve) => open.set(exchange.path, () => resolve(exchange.reply(200, exchange.path)))),
  }
  const { port, context } = await startServer(t, { stages: [held] })
  const client = await RawClient.connect(t, port)
  client.send(`GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n`)
  await context.until(() => context.counted['refused_malformed'] === 1)
  assert.equal(client.text, '')
  open.get('/2')?.()
  open.get('/1')?.()
  const answer = await client.closed
  assert.match(answer, /^HTTP\/1\.1 200 [^]*\/1HTTP\/1\.1 200 [^]*\/2$/)
})

test('a client that goes away ends all its requests, also those that wait for an earlier answer', async (t) => {
  const asked: HttpExchange[] = []
  const never: Stage = { handle: (exchange) => new Promise(() => asked.push(exchange)) }
  const { port, stop } = await startServer(t, { stages: [never] })
  const client = await RawClient.connect(t, port)
  client.send(get + get + get)
  while (asked.length < 3) await new Promise((resolve) => setImmediate(resolve))
  const gone = asked.map(({ signal }) => once(signal, 'abort'))
  client.socket.destroy()
  await Promise.all(gone)
  await stop()
})

test('a client that asks without end and reads no answer has its connection closed', async (t) => {
  const never: Stage = { handle: () => new Promise(() => undefined) }
  const { port, context } = await startServer(t, { stages: [never] })
  assert.equal(await say(t, port, get.repeat(200)), '')
  assert.deepEqual(context.counted, { refused_too_many_pipelined_requests: 1 })
})

test('requests together hold no more than the memory that there is: one that does not fit waits outside', async (t) => {
  const account = new FixedAccount(25)
  const context = new RecordingInputContext(systemClock)
  context.reserve = (bytes) => account.reserve(bytes)
  context.release = (bytes) => account.release(bytes)
  const { port } = await startServer(t, { stages: [stage], context })
  const [one, two] = [await RawClient.connect(t, port), await RawClient.connect(t, port)]
  for (const client of [one, two]) client.send(`${post}half`)
  const third = await RawClient.connect(t, port)
  third.send(`${post}0123456789`)
  assert.match(await third.until(/ 503 [^]*\r\n\r\n/), /^retry-after: 1\r$/im)
  assert.deepEqual(context.counted, { refused_no_room: 1 })
  one.send('another')
  await one.until(/ 200 [^]*halfanothe$/)
  third.send(`${post}0123456789`)
  await third.until(/ 200 [^]*0123456789$/)
})

test('clients that say that much will come and send nothing keep no room from others', async (t) => {
  const context = new RecordingInputContext(systemClock)
  const memory = { held: 0 }
  context.reserve = (bytes) => memory.held + bytes <= 4_000_000 && (memory.held += bytes) > 0
  context.release = (bytes) => void (memory.held -= bytes)
  const { port } = await startServer(t, { stages: [stage], context, limits: { bodyBytes: 3_000_000 } })
  const promising = async (): Promise<RawClient> => {
    const client = await RawClient.connect(t, port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3000000\r\n\r\n')
    await client.until(/100 Continue/)
    return client
  }
  const [first, second, , third] = [await promising(), await promising(), await promising(), await promising()]
  third.send('x'.repeat(3_000_000))
  await third.until(/ 200 [^]*x$/)
  first.send('y'.repeat(2_999_999))
  while (memory.held < 2_999_999) await new Promise((resolve) => setImmediate(resolve))
  second.send('z'.repeat(2_999_999))
  await second.until(/ 503 /)
  assert.deepEqual(context.counted, { refused_no_room: 1 })
  first.send('y')
  await first.until(/ 200 [^]*y$/)
})

test('a client that was gone before anybody saw it is not served, as nobody knows where it was', async (t) => {
  const seen: string[] = []
  const noting: Stage = {
    onConnect: ({ address }) => seen.push(address) > 0,
    onRequest: () => seen.push('request') < 0,
  }
  const { port } = await startServer(t, { stages: [noting, stage] })
  const script = `
    const socket = require('node:net').connect(${port}, '127.0.0.1', () => {
      socket.write(${JSON.stringify(get)}, () => socket.resetAndDestroy())
    })`
  // While it runs this process accepts nothing.
  spawnSync(process.execPath, ['-e', script])
  const other = await RawClient.connect(t, port)
  other.send(get)
  await other.until(/here/)
  assert.deepEqual(seen, ['127.0.0.1', 'request'])
})

test('stopping closes idle connections at once, while a request is still served', async (t) => {
  const held: HttpExchange[] = []
  const holding: Stage = { handle: (exchange) => exchange.path === '/held' && held.push(exchange) > 0 }
  const { port, stop } = await startServer(t, { stages: [holding, stage], limits: { drainMs: 60_000 } })
  const [idle, busy] = [await RawClient.connect(t, port), await RawClient.connect(t, port)]
  busy.send('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
  idle.send(get)
  await idle.until(/here/)
  const stopped = stop()
  await idle.closed
  held[0]?.reply(200, 'done')
  assert.match(await busy.closed, /^connection: close\r[^]*done$/im)
  await stopped
})

test('a request for a protocol that nobody speaks is served as it is, body and all', async (t) => {
  const { port } = await startServer(t, { stages: [stage] })
  const client = await RawClient.connect(t, port)
  const upgrade = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk'
  client.send(`POST / HTTP/1.1\r\nHost: a\r\n${upgrade}\r\nContent-Length: 10\r\n\r\n01234`)
  client.send('56789')
  await client.until(/ 200 [^]*\r\n\r\n0123456789$/)
  client.send(get)
  await client.until(/here/)
})

test('an expectation that nobody knows gets a 417, and who asks for a tunnel a 405; both are counted', async (t) => {
  const { port, context } = await startServer(t, { stages: [stage] })
  const expecting = await say(t, port, 'GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n')
  assert.deepEqual(statusesIn(expecting), [417])
  assert.match(expecting, /application\/problem\+json/)
  assert.deepEqual(statusesIn(await say(t, port, 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n')), [405])
  assert.deepEqual(context.counted, { refused_unknown_expectation: 1, refused_tunnel: 1 })
})
