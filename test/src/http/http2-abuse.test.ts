import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { routerOf, type Stage } from '../../../src/http/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { type RunningServer, type ServerParts, startServer } from '../../support/http-server.js'
import {
  endHeaders,
  endStream,
  field,
  type Frame,
  frame,
  framesIn,
  preface,
  requestFields,
  reset,
} from '../../support/http2-frames.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { RawClient } from '../../support/raw-client.js'

const stage: Stage = {
  handle: routerOf({
    'GET /': (exchange) => exchange.reply(200, 'here'),
    'POST /': async (exchange) => exchange.reply(200, await exchange.body()),
  }),
}

interface Client extends RunningServer {
  readonly client: RawClient
}

async function connected(t: TestContext, parts: Partial<ServerParts> = {}): Promise<Client> {
  const server = await startServer(t, { stages: [stage], ...parts })
  return { ...server, client: await RawClient.connect(t, server.port) }
}

function framesOf(text: string): Frame[] {
  return framesIn(Buffer.from(text, 'latin1'))
}

const enhanceYourCalm = 0xb
const get = (stream: number): Buffer => frame('headers', endHeaders | endStream, stream, requestFields('GET'))
const post = (stream: number): Buffer => frame('headers', endHeaders, stream, requestFields('POST'))

test('no byte is lost of a preface that comes in parts', async (t) => {
  const { client } = await connected(t)
  const bytes = Buffer.concat([preface, get(1)])
  for (const byte of bytes) {
    client.socket.write(Buffer.from([byte]))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await client.until(/here$/)
  assert.ok(framesOf(client.text).some(({ type, stream }) => type === 'headers' && stream === 1))
})

test('what begins like the preface and is none is HTTP/1.1, which has no such method', async (t) => {
  const { client } = await connected(t)
  client.send('PR')
  await new Promise((resolve) => setImmediate(resolve))
  client.send('OPFIND / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/^HTTP\/1\.1 405 /)
})

test('a client that stops in the middle of the preface is not waited for', async (t) => {
  const clock = new FakeClock()
  const { client, port, context } = await connected(t, { context: new RecordingInputContext(clock) })
  client.send(preface.subarray(0, 3))
  const other = await RawClient.connect(t, port)
  other.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await other.until(/here/)
  await clock.advance(10_000)
  assert.equal(await client.closed, '')
  assert.deepEqual(context.counted, { refused_too_slow: 1 })
})

test('a body that is reset is never taken for a whole one', async (t) => {
  const bodies: string[] = []
  const keeping: Stage = {
    handle: async (exchange) => {
      bodies.push(String(await exchange.body()))
      return exchange.reply(200)
    },
  }
  const { client, context } = await connected(t, { stages: [keeping] })
  client.send(Buffer.concat([preface, post(1), frame('data', 0, 1, Buffer.from('half'))]))
  await client.until(/.{9}/s)
  client.send(reset(1))
  await context.until(() => context.counted['refused_cut_off'] === 1)
  assert.deepEqual([bodies, context.reserved], [[], 0])
})

test('a client that asks and takes back has its connection closed, and is told why', async (t) => {
  const never: Stage = { handle: () => new Promise(() => undefined) }
  const { client, context } = await connected(t, { stages: [never] })
  client.send(preface)
  for (let stream = 1; stream < 400; stream += 2) client.send(Buffer.concat([get(stream), reset(stream)]))
  const goaway = framesOf(await client.closed).find(({ type }) => type === 'goaway')
  assert.equal(goaway?.payload.readUInt32BE(4), enhanceYourCalm)
  assert.deepEqual(context.counted, { refused_too_many_resets: 1 })
})

for (const [how, code] of [
  ['as cancelled', 8],
  ['with no error', 0],
] as const) {
  test(`a client that takes back ${how} what is answered at once has its connection closed too`, async (t) => {
    const { client, context } = await connected(t)
    client.send(preface)
    const requests = Array.from({ length: 400 }, (_, at) => [get(2 * at + 1), reset(2 * at + 1, code)]).flat()
    client.send(Buffer.concat(requests))
    const goaway = framesOf(await client.closed).find(({ type }) => type === 'goaway')
    assert.equal(goaway?.payload.readUInt32BE(4), enhanceYourCalm)
    assert.deepEqual([context.counted, context.reserved], [{ refused_too_many_resets: 1 }, 0])
  })
}

test('a request that is reset with no error is forgotten once its time is over', async (t) => {
  const clock = new FakeClock()
  const { client, context } = await connected(t, { context: new RecordingInputContext(clock) })
  client.send(Buffer.concat([preface, get(1), reset(1, 0), get(3)]))
  await client.until(/here$/)
  for (let seconds = 0; seconds < 80; seconds++) {
    await clock.advance(1000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  // It has been told to go, since it asks for nothing.
  assert.ok(framesOf(client.text).some(({ type }) => type === 'goaway'))
  assert.deepEqual(context.counted, {})
})

test('a flood of requests that are taken back costs little, and others are served', async (t) => {
  let served = 0
  const counting: Stage = { onRequest: () => (served++, false), handle: () => new Promise(() => undefined) }
  const { client, port, context } = await connected(t, { stages: [counting] })
  client.send(preface)
  for (let stream = 1; stream < 20_000; stream += 2) client.send(Buffer.concat([get(stream), reset(stream)]))
  assert.ok(framesOf(await client.closed).some(({ type }) => type === 'goaway'))
  assert.deepEqual(Object.values(context.counted), [1])
  assert.ok(served < 1000, `${served} were served`)
  const other = await RawClient.connect(t, port)
  other.send(Buffer.concat([preface, frame('ping', 0, 0, Buffer.alloc(8))]))
  await other.until(/.{9}/s)
})

test('headers that go on without end close the connection, and cost no memory', async (t) => {
  const { client, context } = await connected(t)
  client.send(Buffer.concat([preface, frame('headers', endStream, 1, requestFields('GET'))]))
  const more = frame(
    'continuation',
    0,
    1,
    Buffer.concat(Array.from({ length: 100 }, () => field('x', 'y'.repeat(100)))),
  )
  const before = process.memoryUsage().rss
  let sent = 0
  while (!client.socket.destroyed && sent < 10_000) {
    if (!client.socket.write(more)) await new Promise((resolve) => setImmediate(resolve))
    sent++
  }
  await client.closed
  assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024)
  assert.deepEqual(context.reserved, 0)
})

test('a head that never ends does not keep its connection', async (t) => {
  const clock = new FakeClock()
  const { client } = await connected(t, { context: new RecordingInputContext(clock) })
  client.send(Buffer.concat([preface, frame('headers', endStream, 1, requestFields('GET'))]))
  await client.until(/.{9}/s)
  await clock.advance(20_000)
  assert.notEqual(await client.closed, '')
})

test('more streams than there may be at once are refused', async (t) => {
  const never: Stage = { handle: () => new Promise(() => undefined) }
  const { client } = await connected(t, { stages: [never] })
  client.send(Buffer.concat([preface, ...Array.from({ length: 130 }, (_, at) => get(2 * at + 1))]))
  const refused = (): Frame[] => framesOf(client.text).filter(({ type }) => type === 'rst_stream')
  while (refused().length < 2) await new Promise((resolve) => client.socket.once('data', resolve))
  assert.deepEqual(
    refused().map(({ stream, payload }) => [stream, payload.readUInt32BE()]),
    [
      [257, 7],
      [259, 7],
    ],
  )
})

test('every answer says when it was made, and the text of that is made once a second', async (t) => {
  const server = await startServer(t, { stages: [stage] })
  const made = t.mock.method(Date.prototype, 'toUTCString')
  const dates = new Set<string | null>()
  for (let count = 0; count < 50; count++) dates.add((await fetch(server.url)).headers.get('date'))
  assert.ok(dates.size <= 1 + made.mock.callCount() && made.mock.callCount() < 10, `${made.mock.callCount()} were made`)
  for (const date of dates) assert.match(String(date), /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
})
