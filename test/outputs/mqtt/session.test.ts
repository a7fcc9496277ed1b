import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, test } from 'node:test'
import mqtt from '../../../outputs/mqtt/index.js'
import { type Clock, systemClock } from '../../../src/base/clock.js'
import type { EventRecord } from '../../../src/event/event.js'
import type { Batch, Output } from '../../../src/plugin/define.js'
import { AgentError, PartialError, PermanentError } from '../../../src/plugin/errors.js'
import { outputContract, type OutputUnderTest } from '../../contract/output.js'
import { batchOf } from '../../support/batch.js'
import { FakeClock } from '../../support/fake-clock.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { freePort } from '../../support/ports.js'
import { acknowledge, type Publish, ScriptedBroker } from '../../support/scripted-broker.js'

const forever = new AbortController().signal
const ended: (() => Promise<void> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function broker(): Promise<ScriptedBroker> {
  const started = await new ScriptedBroker().listen()
  ended.push(() => started.close())
  return started
}

type Raw = { readonly [name: string]: unknown }

async function outputTo(port: number, options: Raw = {}, clock: Clock = systemClock): Promise<Output> {
  const raw = { port, protocol_version: '5', json_date_key: 'false', ...options }
  const output = await mqtt.create(optionsOf(mqtt, raw), new RecordingOutputContext(clock))
  ended.push(() => output.close?.())
  return output
}

function numbered(count: number): Batch {
  return batchOf(Array.from({ length: count }, (_, n) => ({ record: { n } })))
}

async function failure(flush: Promise<void>, code: string): Promise<AgentError> {
  const error = await flush.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AgentError, `expected ${code}, got ${String(error)}`)
  assert.equal(error.code, code, error.message)
  assert.ok(!(error instanceof PermanentError))
  return error
}

function recordOf({ payload }: Publish): EventRecord {
  return JSON.parse(payload) as EventRecord
}

async function underTest(): Promise<OutputUnderTest> {
  const peer = await new ScriptedBroker().listen()
  const options = { port: peer.port, protocol_version: '5', json_date_key: 'false' }
  const output = await mqtt.create(optionsOf(mqtt, options), new RecordingOutputContext())
  const taken: EventRecord[] = []
  const take = (publish: Publish): void => {
    taken.push(recordOf(publish))
    acknowledge(publish)
  }
  return {
    output,
    taken: () => taken,
    accept: () => void (peer.answer = take),
    fail: () => void (peer.answer = (publish) => acknowledge(publish, 0x97)),
    refuse: () => void (peer.answer = (publish) => acknowledge(publish, 0x99)),
    refuseOne: () =>
      void (peer.answer = (publish) => (recordOf(publish)['n'] === 1 ? acknowledge(publish, 0x90) : take(publish))),
    hang: () => ({ reached: new Promise((resolve) => (peer.answer = () => resolve())) }),
    end: () => peer.close(),
  }
}

outputContract('mqtt', underTest, ['fail', 'refuseOne', 'hang'])

test('the broker is told who we are, and one session serves flush after flush', async () => {
  const peer = await broker()
  const output = await outputTo(peer.port, {
    client_id: 'gateway-7',
    username: 'ada',
    password: 'enchantress',
    keepalive: '90s',
  })
  for (let flush = 0; flush < 3; flush++) await output.flush(numbered(1), forever)
  assert.equal(peer.published.length, 3)
  assert.equal(peer.connects.length, 1)
  const [connect] = peer.connects
  assert.ok(connect)
  assert.match(connect.toString('latin1'), /gateway-7.*ada.*enchantress/s)
  assert.equal(connect[7], 0xc2, 'user, password, clean start')
  assert.equal(connect.readUInt16BE(8), 90)
})

test('closing takes leave of the broker', async () => {
  const peer = await broker()
  const output = await outputTo(peer.port)
  await output.flush(numbered(1), forever)
  await output.close?.()
  await peer.until(() => peer.disconnects === 1)
})

test('an event that the broker has no quota for is tried again, and it alone', async () => {
  const peer = await broker()
  const output = await outputTo(peer.port)
  peer.answer = (publish) => acknowledge(publish, recordOf(publish)['n'] === 1 ? 0x97 : 0)
  const { message } = await failure(output.flush(numbered(3), forever), 'MQTT_NOT_TAKEN')
  assert.match(message, /Quota exceeded/)
  peer.published.length = 0
  peer.answer = (publish) => acknowledge(publish)
  await output.flush(numbered(3), forever)
  assert.deepEqual(peer.published.map(recordOf), [{ n: 1 }])
  assert.equal(peer.connects.length, 1)
})

for (const [reason, text] of [
  [0x90, /Topic Name invalid/],
  [0x99, /Payload format invalid/],
] as const) {
  test(`an event that is refused with reason 0x${reason.toString(16)} is given up, all others are delivered`, async () => {
    const peer = await broker()
    const output = await outputTo(peer.port)
    peer.answer = (publish) => acknowledge(publish, recordOf(publish)['n'] === 1 ? reason : 0)
    const error = await failure(output.flush(numbered(3), forever), 'MQTT_REFUSED_PART')
    assert.ok(error instanceof PartialError)
    assert.deepEqual([...error.rejected.keys()], [1])
    assert.match(error.rejected.get(1) ?? '', text)
  })
}

test('a broker without subscribers for a topic has taken the event all the same', async () => {
  const peer = await broker()
  peer.answer = (publish) => acknowledge(publish, 0x10)
  await (await outputTo(peer.port)).flush(numbered(2), forever)
})

const refusals: readonly [string, string, number[], RegExp][] = [
  ['3.1.1', 'not authorized', [0, 5], /Not authorized/],
  ['3.1.1', 'another version', [0, 1], /Unacceptable protocol version/],
  ['5', 'not authorized', [0, 0x87, 0], /Not authorized/],
  ['5', 'busy', [0, 0x89, 0], /Server busy/],
]
for (const [protocol_version, what, connack, text] of refusals) {
  test(`a broker that lets nobody in (${protocol_version}, ${what}) is tried again`, async () => {
    const peer = await broker()
    const usual = peer.connack
    peer.connack = () => connack
    const output = await outputTo(peer.port, { protocol_version })
    const { message } = await failure(output.flush(numbered(1), forever), 'MQTT_REFUSED')
    assert.match(message, text)
    peer.connack = usual
    await output.flush(numbered(1), forever)
    assert.equal(peer.published.length, 1)
  })
}

test('a broker that is not there is an error, and the next flush tries again', async () => {
  const output = await outputTo(await freePort())
  await failure(output.flush(numbered(1), forever), 'NET_CONNECT')
  await failure(output.flush(numbered(1), forever), 'NET_CONNECT')
})

test('a broker that never answers CONNECT ends in a deadline', async () => {
  const clock = new FakeClock()
  const peer = await broker()
  peer.connack = undefined
  const output = await outputTo(peer.port, {}, clock)
  const failed = failure(output.flush(numbered(1), forever), 'MQTT_NO_CONNACK')
  await peer.until(() => peer.connects.length === 1)
  await clock.advance(10_000)
  await failed
  assert.equal(clock.waiting, 0)
})

test('a broker that never acknowledges ends in a deadline', async () => {
  const clock = new FakeClock()
  const peer = await broker()
  peer.answer = () => undefined
  const output = await outputTo(peer.port, { max_inflight: 2 }, clock)
  const failed = failure(output.flush(numbered(3), forever), 'MQTT_NO_ACK')
  await peer.until(() => peer.published.length === 2)
  await clock.advance(30_000)
  assert.match((await failed).message, /within 30000 ms \(ack_timeout\); 2 messages are under way/)
  assert.equal(clock.waiting, 0)
})

test('no more events are under way than the broker allows', async () => {
  const peer = await broker()
  peer.connack = () => [0, 0, 3, 0x21, 0, 2] // Receive Maximum 2
  let most = 0
  const waiting: Publish[] = []
  peer.answer = (publish) => {
    most = Math.max(most, waiting.push(publish))
    if (waiting.length === 2) for (const each of waiting.splice(0)) acknowledge(each)
  }
  await (await outputTo(peer.port)).flush(numbered(20), forever)
  assert.equal(peer.published.length, 20)
  assert.equal(most, 2)
})

test('an event larger than the broker takes is refused before it is sent', async () => {
  const peer = await broker()
  peer.connack = () => [0, 0, 5, 0x27, 0, 0, 0, 40] // Maximum Packet Size 40
  const output = await outputTo(peer.port, { topic: 'tttttt', content_type: '' })
  // 2 of header, 8 of topic, 2 of packet id, 3 of properties: 25 are left.
  const samples = ['x'.repeat(25 - '{"t":""}'.length), 'x'.repeat(26 - '{"t":""}'.length)].map((t) => ({
    record: { t },
  }))
  const error = await failure(output.flush(batchOf(samples), forever), 'MQTT_REFUSED_PART')
  assert.ok(error instanceof PartialError)
  assert.deepEqual([...error.rejected.values()], ['its packet has 41 bytes, the broker takes 40'])
  assert.equal(peer.published.length, 1)
})

const limits: readonly [string, number[], Raw][] = [
  ['QoS 0 at most', [0x24, 0], {}],
  ['no retained messages', [0x25, 0], { retain: true }],
]
for (const [what, properties, options] of limits) {
  test(`a broker that offers ${what} is told apart`, async () => {
    const peer = await broker()
    peer.connack = () => [0, 0, properties.length, ...properties]
    const { message } = await failure((await outputTo(peer.port, options)).flush(numbered(1), forever), 'MQTT_LIMITED')
    assert.match(message, new RegExp(what))
  })
}

test('a session that the broker ends is opened again by the next flush', async () => {
  const peer = await broker()
  const output = await outputTo(peer.port)
  peer.answer = () => peer.send(0xe0, 1, 0x8b) // DISCONNECT, server shutting down
  await failure(output.flush(numbered(1), forever), 'MQTT_CLOSED')
  peer.answer = (publish) => acknowledge(publish)
  await output.flush(numbered(1), forever)
  assert.equal(peer.connects.length, 2)
})

test('a connection lost while idle is noticed, and a late error breaks nothing', async () => {
  const peer = await broker()
  const output = await outputTo(peer.port)
  await output.flush(numbered(1), forever)
  const socket = peer.published[0]?.socket
  assert.ok(socket)
  const closed = once(socket, 'close')
  socket.resetAndDestroy()
  await closed
  await output.flush(numbered(1), forever).catch(() => undefined)
  await output.flush(numbered(1), forever)
  assert.ok(peer.published.length >= 2)
})

test('flushes that run at once take their turns', async () => {
  const peer = await broker()
  const output = await outputTo(peer.port, { max_in_flight: 2 })
  const [first, second] = [numbered(10), { ...numbered(10), id: 'other' }]
  await Promise.all([output.flush(first, forever), output.flush(second, forever)])
  assert.deepEqual(
    peer.published.map((publish) => recordOf(publish)['n']),
    [...Array(20).keys()].map((n) => n % 10),
  )
})

test('msgpack is one value an event', async () => {
  const peer = await broker()
  const output = await outputTo(peer.port, { format: 'msgpack' })
  await output.flush(numbered(2), forever)
  assert.equal(peer.published.length, 2)
  assert.notEqual(peer.published[0]?.payload, peer.published[1]?.payload)
})
