import { decodeMulti } from '@msgpack/msgpack'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, describe, test } from 'node:test'
import tcp from '../../outputs/tcp/index.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Output } from '../../src/plugin/define.js'
import { PartialError } from '../../src/plugin/errors.js'
import { outputContract, type OutputUnderTest } from '../contract/output.js'
import { batchOf } from '../support/batch.js'
import { ByteServer } from '../support/byte-server.js'
import { Certificate, noOpenssl } from '../support/certificate.js'
import { FakeClock } from '../support/fake-clock.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { peer } from '../support/peers.js'
import { freePort } from '../support/ports.js'
import { TestProcess } from '../support/process.js'

const forever = new AbortController().signal
const ended: (() => Promise<unknown> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function serverAt(port = 0, tls?: { readonly key: string; readonly cert: string }): Promise<ByteServer> {
  const server = await new ByteServer(tls).listen({ port })
  ended.push(() => server.close())
  return server
}

function outputTo(port: number, options: object = {}, context = new RecordingOutputContext()): Output {
  const output = tcp.create(optionsOf(tcp, { port, format: 'json_lines', ...options }), context) as Output
  ended.push(() => output.close?.())
  return output
}

function numbered(...numbers: readonly number[]) {
  return batchOf(numbers.map((n) => ({ seconds: 1_700_000_000 + n, record: { n } })))
}

const lines = (text: string): EventRecord[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EventRecord)

async function underTest(): Promise<OutputUnderTest> {
  const port = await freePort()
  let server: ByteServer | undefined
  const options = { port, format: 'json_lines', json_date_key: 'false' }
  return {
    output: tcp.create(optionsOf(tcp, options), new RecordingOutputContext()) as Output,
    async taken() {
      await server?.until(() => lines(server?.text ?? '').length >= 3)
      return lines(server?.text ?? '')
    },
    accept: async () => void (server ??= await new ByteServer().listen({ port })),
    fail: () => undefined, // nobody listens yet
    end: () => server?.close(),
  }
}
outputContract('tcp', underTest, ['fail'])

describe('formats of the output tcp', () => {
  for (const [format, expected] of [
    ['json_lines', '{"date":1700000001.0,"n":1}\n{"date":1700000002.0,"n":2}\n'],
    ['json', '[{"date":1700000001.0,"n":1},{"date":1700000002.0,"n":2}]'],
    ['csv', 'date,n\n1700000001.0,1\n1700000002.0,2\n'],
  ] as const)
    test(`${format} goes over the wire as ${JSON.stringify(expected)}`, async () => {
      const server = await serverAt()
      await outputTo(server.port, { format }).flush(numbered(1, 2), forever)
      await server.until(() => server.text.length >= expected.length)
      assert.equal(server.text, expected)
    })

  test('messages of GELF have a null byte behind each of them, as Graylog wants them over TCP', async () => {
    const server = await serverAt()
    const options = { format: 'gelf', separator: '\0' }
    const batch = batchOf(['up', 'down'].map((message) => ({ seconds: 3, record: { message, host: 'gw' } })))
    await outputTo(server.port, options).flush(batch, forever)
    await server.until(() => server.text.endsWith('down"}\0'))
    const message = (text: string): string =>
      `{"timestamp":3.0,"version":"1.1","host":"gw","short_message":"${text}"}\0`
    assert.equal(server.text, message('up') + message('down'))
  })

  test('a separator stands behind values of a field instead of a newline', async () => {
    const server = await serverAt()
    await outputTo(server.port, { raw_message_key: 'n', separator: ';' }).flush(numbered(1, 2), forever)
    await server.until(() => server.text.length >= 4)
    assert.equal(server.text, '1;2;')
  })

  test('msgpack goes out as the bytes of the log, which is the default', async () => {
    const server = await serverAt()
    const output = tcp.create(optionsOf(tcp, { port: server.port }), new RecordingOutputContext()) as Output
    ended.push(() => output.close?.())
    const batch = numbered(1, 2)
    await output.flush(batch, forever)
    await server.until(() => (server.streams[0]?.length ?? 0) >= batch.bytes)
    assert.deepEqual(server.streams[0], Buffer.from(batch.chunks[0]?.entries ?? []))
    assert.equal([...decodeMulti(server.streams[0] ?? [])].length, 2)
  })

  test('one field alone is a line of text, and an event without it is refused', async () => {
    const server = await serverAt()
    const output = outputTo(server.port, { raw_message_key: 'log' })
    const batch = batchOf([{ record: { log: 'first' } }, { record: { other: 1 } }, { record: { log: 'third' } }])
    const refusal = await output.flush(batch, forever).catch((error: unknown) => error)
    assert.ok(refusal instanceof PartialError)
    assert.deepEqual([...refusal.rejected], [[1, 'it has no such field (raw_message_key)']])
    await server.until(() => server.text.length >= 12)
    assert.equal(server.text, 'first\nthird\n')
  })

  test('a batch of which every event is refused needs no connection', async () => {
    const output = outputTo(await freePort(), { raw_message_key: 'log' })
    await assert.rejects(output.flush(numbered(1), forever), PartialError)
  })
})

describe('connections of the output tcp', () => {
  test('one connection serves flush after flush, and those without keepalive have their own', async () => {
    const server = await serverAt()
    for (const keepalive of [true, false]) {
      const output = outputTo(server.port, { 'net.keepalive': keepalive })
      for (let n = 0; n < 3; n++) await output.flush(numbered(n), forever)
    }
    await server.until(() => lines(server.text).length === 6)
    assert.equal(server.streams.length, 4)
  })

  test('a connection that the server closed is not used again, and nothing of the next flush is lost', async () => {
    const server = await serverAt()
    const output = outputTo(server.port)
    await output.flush(numbered(1), forever)
    await server.until(() => server.text.length > 0)
    server.sockets[0]?.end()
    await once(server.sockets[0] as Socket, 'close')
    await output.flush(numbered(2), forever)
    await server.until(() => lines(server.text).length === 2)
    assert.equal(server.streams.length, 2)
  })

  test('what the kernel took of a flush is not delivered where the connection has just ended', async () => {
    const server = await serverAt()
    const output = outputTo(server.port)
    await output.flush(numbered(1), forever)
    await server.until(() => server.text.length > 0)
    server.sockets[0]?.destroy() // the output has had no turn yet to hear of it
    await assert.rejects(output.flush(numbered(2), forever), { code: 'NET_CLOSED' })
  })

  test('a server that breaks off in the middle of a batch fails the flush', async () => {
    const server = await serverAt()
    server.greet = (socket) => void socket.once('data', () => socket.resetAndDestroy())
    const large = batchOf([{ record: { text: 'x'.repeat(20_000_000) } }])
    await assert.rejects(outputTo(server.port).flush(large, forever), { code: /^NET_(BROKEN|CLOSED)$/ })
  })

  test('a server that stops reading fails the flush once nothing moved for net.io_timeout', async () => {
    const clock = new FakeClock()
    const server = await serverAt()
    server.greet = (socket) => void socket.pause()
    const output = outputTo(server.port, { 'net.io_timeout': '30s' }, new RecordingOutputContext(clock))
    const failed = assert.rejects(
      output.flush(batchOf([{ record: { text: 'x'.repeat(20_000_000) } }]), forever),
      /the peer read nothing for 30000 ms \(net\.io_timeout\)/,
    )
    await server.until(() => server.sockets.length > 0)
    const isOver = failed.then(() => true)
    while (!(await Promise.race([isOver, clock.advance(30_000)]))) assert.ok(clock.waiting <= 1)
    assert.equal(clock.waiting, 0)
  })

  test('where one of several servers is gone, another one gets the flush', async () => {
    const server = await serverAt()
    const servers = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${server.port}`]
    const context = new RecordingOutputContext()
    const output = outputTo(1, { servers, balance: 'failover' }, context)
    await output.flush(numbered(1), forever)
    await server.until(() => server.text.length > 0)
    assert.deepEqual(context.counted, { failed_attempts: 1, failovers: 1 })
    assert.equal(output.destination, servers.join(', '))
  })
})

test('over TLS the name of the server is checked', { skip: noOpenssl }, async () => {
  const certificate = new Certificate()
  ended.push(() => Promise.resolve(certificate.remove()))
  const server = await serverAt(0, certificate.pem)
  const trusted = { tls: 'on', 'tls.ca_file': certificate.file }
  await assert.rejects(outputTo(server.port, trusted).flush(numbered(1), forever), /does not match/)
  await outputTo(server.port, { ...trusted, host: 'localhost' }).flush(numbered(2), forever)
  await server.until(() => server.text.length > 0)
  assert.deepEqual(
    lines(server.text).map(({ n }) => n),
    [2],
  )
})

test('netcat prints what was sent', { skip: peer('nc').skip }, async () => {
  const port = await freePort()
  const netcat = new TestProcess(peer('nc').path, ['-v', '-n', '-l', '127.0.0.1', `${port}`])
  ended.push(() => netcat.stop('SIGKILL'))
  await netcat.until(() => netcat.output.includes('Listening'), 'it listens')
  await outputTo(port).flush(numbered(1, 2, 3), forever)
  await netcat.until(() => lines(netcat.stdout).length === 3, 'it prints three lines')
  assert.deepEqual(
    lines(netcat.stdout).map(({ n }) => n),
    [1, 2, 3],
  )
})
