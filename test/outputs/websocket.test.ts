import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import websocket from '../../outputs/websocket/index.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Output } from '../../src/plugin/define.js'
import { PermanentError } from '../../src/plugin/errors.js'
import { outputContract, type OutputUnderTest } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { Certificate, noOpenssl } from '../support/certificate.js'
import { FakeClock } from '../support/fake-clock.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { freePort } from '../support/ports.js'
import { MessageServer } from '../support/web-socket-server.js'

type Raw = Readonly<Record<string, unknown>>

const forever = new AbortController().signal
const ended: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

function create(options: Raw, context = new RecordingOutputContext()): Output {
  return websocket.create(optionsOf(websocket, options), context) as Output
}

async function serverWith(parts: ConstructorParameters<typeof MessageServer>[0] = {}): Promise<MessageServer> {
  const server = await new MessageServer(parts).listen()
  ended.push(() => server.close())
  return server
}

function outputTo(port: number, options: Raw = {}, context = new RecordingOutputContext()): Output {
  const output = create({ port, format: 'json_lines', ...options }, context)
  ended.push(() => output.close?.())
  return output
}

const one = batchOf([{ seconds: 1, record: { n: 1 } }])
const texts = (server: MessageServer): string[] => server.messages.map(({ bytes }) => bytes.toString())

async function underTest(): Promise<OutputUnderTest> {
  const server = await new MessageServer().listen()
  return {
    output: create({ port: server.port, format: 'json_lines', json_date_key: 'false' }),
    taken: () =>
      texts(server).flatMap((text) =>
        text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as EventRecord),
      ),
    accept() {
      server.refusal = undefined
      server.answersPings = true
    },
    fail: () => void (server.refusal = 503),
    hang() {
      server.answersPings = false
      return { reached: server.until(() => server.messages.length > 0) }
    },
    end: () => server.close(),
  }
}
outputContract('websocket', underTest, ['fail', 'hang'])

for (const [format, expected, isBinary] of [
  ['json_lines', '{"date":1.0,"n":1}\n', false],
  ['json', '[{"date":1.0,"n":1}]', false],
  ['msgpack', Buffer.from(one.chunks[0]?.entries ?? []).toString(), true],
] as const)
  test(`a batch in the format ${format} is one message of ${isBinary ? 'bytes' : 'text'}`, async () => {
    const server = await serverWith()
    const before = Buffer.from(one.chunks[0]?.entries ?? [])
    await outputTo(server.port, { format }).flush(one, forever)
    assert.deepEqual(
      server.messages.map((message) => message.isBinary),
      [isBinary],
    )
    assert.deepEqual(texts(server), [expected])
    assert.deepEqual(Buffer.from(one.chunks[0]?.entries ?? []), before, 'the bytes of the log are only lent')
  })

test('a large batch is one message still, and one connection serves flush after flush', async () => {
  const server = await serverWith()
  const output = outputTo(server.port)
  const large = batchOf([{ record: { text: 'x'.repeat(1_000_000) } }])
  for (let flush = 0; flush < 2; flush++) await output.flush(large, forever)
  assert.equal(server.sockets.length, 1)
  assert.equal(server.messages.length, 2)
  assert.ok(texts(server).every((text) => (JSON.parse(text) as { text: string }).text.length === 1_000_000))
})

test('the request has the path and the headers that were asked for', async () => {
  const server = await serverWith()
  await outputTo(server.port, { uri: '/events?site=7', header: { Authorization: 'Bearer abc' } }).flush(one, forever)
  const [request] = server.requests
  assert.equal(request?.url, '/events?site=7')
  assert.equal(request?.headers.authorization, 'Bearer abc')
})

test('a header that no request may have is found when the configuration is checked', () => {
  assert.throws(() => create({ header: { 'a b': 'c' } }), { code: 'HTTP_HEADER' })
})

test('a server that does not agree fails the flush with its status, and no secret is told', async () => {
  const server = await serverWith()
  server.refusal = 401
  const output = outputTo(server.port, { uri: '/events?token=abc' })
  await assert.rejects(output.flush(one, forever), { code: 'NET_WEBSOCKET', message: /:\d+\/events: .*401$/ })
})

test('a server that reads but answers no ping has not delivered, and the flush ends in a deadline', async () => {
  const clock = new FakeClock()
  const server = await serverWith()
  server.answersPings = false
  const output = outputTo(server.port, { ping_timeout: '30s' }, new RecordingOutputContext(clock))
  const failed = assert.rejects(output.flush(one, forever), {
    code: 'WEBSOCKET_LATE',
    message: /answered no ping for 30000 ms \(ping_timeout\)/,
  })
  await server.until(() => server.messages.length === 1)
  const isOver = failed.then(() => true)
  while (!(await Promise.race([isOver, clock.advance(30_000)]))) assert.ok(clock.waiting <= 1)
})

test('the pong of another ping is no answer', async () => {
  const server = await serverWith()
  server.answersPings = false
  const output = outputTo(server.port)
  let done = false
  const flush = output.flush(one, forever).then(() => (done = true))
  await server.until(() => server.messages.length === 1)
  const [webSocket] = server.sockets
  webSocket?.pong('0')
  webSocket?.pong()
  await new Promise((resolve) => webSocket?.once('pong', resolve).ping()) // it has read both by now
  assert.equal(done, false)
  webSocket?.pong('1')
  await flush
})

test('a message that is too big for the server is a PermanentError, so that its halves are tried', async () => {
  const server = await serverWith({ maxPayload: 1000 })
  const output = outputTo(server.port)
  await assert.rejects(output.flush(batchOf([{ record: { text: 'x'.repeat(2000) } }]), forever), (error) => {
    assert.ok(error instanceof PermanentError, String(error))
    assert.equal(error.all, false)
    return true
  })
  await output.flush(one, forever)
  assert.deepEqual(texts(server), ['{"date":1.0,"n":1}\n'])
})

test('a server that closes says why, and the next flush has another connection', async () => {
  const server = await serverWith()
  server.greet = (webSocket) => webSocket.close(1013, 'come back later')
  const output = outputTo(server.port)
  await assert.rejects(output.flush(one, forever), {
    code: 'WEBSOCKET_CLOSED',
    message: /closed the connection, 1013 "come back later"/,
  })
  server.greet = () => undefined
  await output.flush(one, forever)
  assert.equal(server.sockets.length, 2)
})

test('where one of several servers is gone, another one gets the flush', async () => {
  const server = await serverWith()
  const servers = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${server.port}`]
  await outputTo(1, { servers, balance: 'failover' }).flush(one, forever)
  assert.equal(server.messages.length, 1)
})

test('over TLS the name of the server is checked', { skip: noOpenssl }, async () => {
  const certificate = new Certificate()
  ended.push(() => certificate.remove())
  const server = await serverWith({ tls: certificate.pem })
  const trusted = { tls: 'on', 'tls.ca_file': certificate.file }
  await assert.rejects(outputTo(server.port, trusted).flush(one, forever), /does not match/)
  await outputTo(server.port, { ...trusted, host: 'localhost' }).flush(one, forever)
  assert.equal(server.messages.length, 1)
})

test('the URL of the command line gives host, port and path', () => {
  assert.deepEqual(websocket.fromUrl?.(new URL('websocket://[::1]:8080/events?a=b')), {
    host: '::1',
    port: 8080,
    uri: '/events?a=b',
  })
})
