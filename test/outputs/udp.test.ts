import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, test } from 'node:test'
import udp from '../../outputs/udp/index.js'
import { largestDatagram } from '../../src/net/datagram-sender.js'
import type { Batch, Output } from '../../src/plugin/define.js'
import { PartialError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { peer } from '../support/peers.js'
import { TestProcess } from '../support/process.js'

const forever = new AbortController().signal
const ended: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

/** Everything that arrives on a port, datagram by datagram. */
async function receiver(address = '127.0.0.1') {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4_000_000 })
  socket.bind({ address, port: 0 })
  await once(socket, 'listening')
  ended.push(() => socket.close())
  const datagrams: string[] = []
  socket.on('message', (bytes) => datagrams.push(bytes.toString()))
  const until = async (count: number): Promise<void> => {
    while (datagrams.length < count) await once(socket, 'message')
  }
  return { socket, port: socket.address().port, datagrams, until }
}

function outputTo(port: number, options: object = {}): Output {
  const output = udp.create(optionsOf(udp, { port, ...options }), new RecordingOutputContext()) as Output
  ended.push(() => output.close?.())
  return output
}

async function refusals(flush: Promise<void>): Promise<[number, string][]> {
  const error = await flush.catch((thrown: unknown) => thrown)
  assert.ok(error instanceof PartialError, String(error))
  return [...error.rejected]
}

function numbered(count: number): Batch {
  return batchOf(Array.from({ length: count }, (_, n) => ({ tag: n % 2 ? 'a' : 'b', seconds: n, record: { n } })))
}

for (const host of ['127.0.0.1', '::1'])
  test(`each event is a datagram of its own, in order, to ${host}`, async () => {
    const { port, datagrams, until } = await receiver(host)
    const output = outputTo(port, { host })
    await output.flush(numbered(150), forever)
    await until(150)
    assert.deepEqual(
      datagrams,
      Array.from({ length: 150 }, (_, n) => `{"date":${n}.0,"n":${n}}`),
    )
  })

test('one socket serves flush after flush', async () => {
  const { socket, port, until } = await receiver()
  const from = new Set<number>()
  socket.on('message', (_bytes, remote) => from.add(remote.port))
  const output = outputTo(port)
  for (let flush = 0; flush < 3; flush++) await output.flush(numbered(2), forever)
  await until(6)
  assert.equal(from.size, 1)
})

test('a message of GELF that is too large goes in chunks that make it whole again', async () => {
  const { socket, port, datagrams, until } = await receiver()
  const received: Buffer[] = []
  socket.on('message', (bytes) => received.push(bytes))
  const record = { message: 'm'.repeat(200), host: 'gw' }
  const options = { format: 'gelf', gelf_chunks: true, max_datagram_bytes: 100 }
  await outputTo(port, options).flush(batchOf([{ record }, { record: { message: 'short', host: 'h' } }]), forever)
  await until(4)
  const [chunks, rest] = [received.filter((bytes) => bytes.readUInt16BE() === 0x1e0f), datagrams.at(-1)]
  assert.deepEqual(
    chunks.map((bytes) => [
      bytes.length <= 100,
      bytes[10],
      bytes[11],
      bytes.subarray(2, 10).equals(chunks[0]?.subarray(2, 10) ?? bytes),
    ]),
    [0, 1, 2].map((n) => [true, n, 3, true]),
  )
  const whole = JSON.parse(Buffer.concat(chunks.map((bytes) => bytes.subarray(12))).toString()) as object
  assert.deepEqual(whole, { timestamp: 0, version: '1.1', host: 'gw', short_message: record.message })
  assert.equal(rest, '{"timestamp":0.0,"version":"1.1","host":"h","short_message":"short"}')
})

test('a message of GELF that needs more chunks than a receiver puts together is refused, one of as many as it does is sent', async () => {
  const { port, datagrams, until } = await receiver()
  const bytes = (length: number) => ({ record: { text: 'x'.repeat(length - 2) } })
  const options = { format: 'json_lines', json_date_key: 'false', gelf_chunks: true, max_datagram_bytes: 64 }
  const most = 128 * 52
  const frame = '{"text":""}'.length - 2
  const output = outputTo(port, options)
  assert.deepEqual(await refusals(output.flush(batchOf([bytes(most - frame), bytes(most - frame + 1)]), forever)), [
    [1, `its ${most + 1} bytes need more than 128 chunks of 64 (max_datagram_bytes)`],
  ])
  await until(128)
  assert.equal(datagrams.length, 128)
})

test('an event beyond the limit is refused by its index, and the others are sent', async () => {
  const { port, datagrams, until } = await receiver()
  const batch = batchOf([1, 100, 2].map((n) => ({ record: { text: 'x'.repeat(n) } })))
  const output = outputTo(port, { max_datagram_bytes: 64, json_date_key: 'false' })
  assert.deepEqual(await refusals(output.flush(batch, forever)), [
    [1, 'it needs a datagram of 111 bytes, more than 64 (max_datagram_bytes)'],
  ])
  await until(2)
  assert.deepEqual(datagrams, ['{"text":"x"}', '{"text":"xx"}'])
})

test('the largest datagram that there is arrives, one byte more is refused', async () => {
  const { port, datagrams, until } = await receiver()
  const batch = batchOf([0, 1].map((more) => ({ record: { log: 'x'.repeat(largestDatagram + more) } })))
  const [[index] = []] = await refusals(outputTo(port, { raw_message_key: 'log' }).flush(batch, forever))
  assert.equal(index, 1)
  await until(1)
  assert.equal(datagrams[0]?.length, largestDatagram)
})

test('an event without the field that is to be sent is refused', async () => {
  const { port, datagrams, until } = await receiver()
  const batch = batchOf([{ record: { log: 'here' } }, { record: {} }])
  assert.deepEqual(await refusals(outputTo(port, { raw_message_key: 'log' }).flush(batch, forever)), [
    [1, 'it has no such field (raw_message_key)'],
  ])
  await until(1)
  assert.deepEqual(datagrams, ['here'])
})

test('that nobody listens fails the flush, and the retry reaches who does by then', async () => {
  const first = await receiver()
  const { port } = first
  first.socket.close()
  ended.pop()
  const output = outputTo(port)
  await assert.rejects(output.flush(numbered(1), forever), { code: 'NET_BROKEN', message: /ECONNREFUSED/ })
  const socket = createSocket('udp4').bind({ address: '127.0.0.1', port })
  ended.push(() => socket.close())
  const arrived = once(socket, 'message')
  await output.flush(numbered(1), forever)
  await arrived
})

test('a name that nobody knows fails the flush', async () => {
  await assert.rejects(outputTo(1, { host: 'nowhere.invalid' }).flush(numbered(1), forever), { code: 'NET_LOOKUP' })
})

test('a flush whose signal is aborted already settles, and sends nothing', async () => {
  const { port, datagrams, until } = await receiver()
  const output = outputTo(port)
  await assert.rejects(output.flush(numbered(1), AbortSignal.abort(new Error('stopped'))), /stopped/)
  await output.flush(numbered(1), forever)
  await until(1)
  assert.equal(datagrams.length, 1)
})

test('bytes of a format that is no text go out whole, though they end as a line does', async () => {
  const { port, datagrams, until } = await receiver()
  await outputTo(port, { format: 'sparkplug' }).flush(batchOf([{ record: { log: 'door opened\n' } }]), forever)
  await until(1)
  assert.match(datagrams[0] ?? '', /door opened\n$/)
})

test('socat prints what was sent', { skip: peer('socat').skip }, async () => {
  const { socket, port } = await receiver()
  socket.close()
  ended.pop()
  const socat = new TestProcess(peer('socat').path, ['-u', '-d', '-d', `UDP4-RECV:${port},bind=127.0.0.1`, 'STDOUT'])
  ended.push(() => socat.stop('SIGKILL'))
  await socat.until(() => socat.stderr.includes('starting data transfer'), 'it receives')
  await outputTo(port, { raw_message_key: 'log' }).flush(batchOf([{ record: { log: 'door opened\n' } }]), forever)
  await socat.until(() => socat.stdout === 'door opened\n', 'it prints the line')
})
