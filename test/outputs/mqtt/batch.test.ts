import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import mqtt from '../../../outputs/mqtt/index.js'
import type { EventRecord } from '../../../src/event/event.js'
import type { Output } from '../../../src/plugin/define.js'
import { PartialError } from '../../../src/plugin/errors.js'
import { batchOf } from '../../support/batch.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { acknowledge, ScriptedBroker } from '../../support/scripted-broker.js'

const forever = new AbortController().signal
const ended: (() => Promise<unknown> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function batching(options: object = {}): Promise<{ peer: ScriptedBroker; output: Output }> {
  const peer = await new ScriptedBroker().listen()
  ended.push(() => peer.close())
  const raw = { port: peer.port, json_date_key: 'false', topic: '$to', batch: true, ...options }
  const output = await mqtt.create(optionsOf(mqtt, raw), new RecordingOutputContext())
  ended.push(() => output.close?.())
  return { peer, output }
}

const events = (...records: EventRecord[]) => batchOf(records.map((record) => ({ record })))
const sent = ({ published }: ScriptedBroker) => published.map(({ topic, payload }) => [topic, payload])

const shapes: readonly [string, string][] = [
  ['json', '[{"to":"a","n":0},{"to":"a","n":2}]'],
  ['ndjson', '{"to":"a","n":0}\n{"to":"a","n":2}\n'],
  ['json_stream', '{"to":"a","n":0}{"to":"a","n":2}'],
]
for (const [format, expected] of shapes) {
  test(`the events of a topic are one message in ${format}`, async () => {
    const { peer, output } = await batching({ format })
    await output.flush(events({ to: 'a', n: 0 }, { to: 'b', n: 1 }, { to: 'a', n: 2 }), forever)
    const [a, b] = sent(peer)
    assert.deepEqual(a, ['a', expected])
    assert.equal(b?.[0], 'b')
    assert.equal(peer.published.length, 2)
  })
}

test('msgpack values stand one behind the other', async () => {
  const { peer, output } = await batching({ format: 'msgpack', topic: 't' })
  await output.flush(events({ n: 0 }, { n: 1 }), forever)
  const once = (peer.published[0]?.payload.match(/\u0081\u00a1n/g) ?? peer.published[0]?.payload.match(/.n/gs))?.length
  assert.equal(peer.published.length, 1)
  assert.equal(once, 2)
})

test('a message has no more events than there is room for, and order is kept', async () => {
  const { peer, output } = await batching({ topic: 't', max_message_size: 128 })
  await output.flush(events(...Array.from({ length: 100 }, (_, n) => ({ n }))), forever)
  const payloads = peer.published.map(({ payload }) => payload)
  assert.ok(payloads.every((payload) => payload.length <= 128))
  assert.ok(payloads.slice(0, -1).every((payload) => payload.length > 128 - '{"n":99},'.length))
  assert.deepEqual(
    payloads.flatMap((payload) => JSON.parse(payload) as object[]),
    Array.from({ length: 100 }, (_, n) => ({ n })),
  )
})

test('a message is no larger than the broker takes', async () => {
  const { peer, output } = await batching({ topic: 't', protocol_version: '5' })
  peer.connack = () => [0, 0, 5, 0x27, 0, 0, 0, 200] // Maximum Packet Size 200
  await output.flush(events(...Array.from({ length: 100 }, (_, n) => ({ n }))), forever)
  const all = peer.published.flatMap(({ payload }) => JSON.parse(payload) as object[])
  assert.equal(all.length, 100)
  assert.ok(peer.published.length >= 5)
})

test('an event larger than a message may be is refused, the others are delivered', async () => {
  const { peer, output } = await batching({ topic: 't', max_message_size: 128 })
  await assert.rejects(output.flush(events({ n: 0 }, { text: 'x'.repeat(200) }, { n: 2 }), forever), (error) => {
    assert.ok(error instanceof PartialError)
    assert.deepEqual([...error.rejected], [[1, 'its payload has 213 bytes, max_message_size is 128']])
    return true
  })
  assert.equal(peer.published.length, 2)
})

test('of a message that is refused the engine may try the events apart', async () => {
  const { peer, output } = await batching({ protocol_version: '5' })
  peer.answer = (publish) => acknowledge(publish, publish.topic === 'a' ? 0x99 : 0)
  const batch = events({ to: 'a' }, { to: 'a' }, { to: 'b' }, { to: 'a' })
  await assert.rejects(output.flush(batch, forever), (error) => {
    assert.ok(error instanceof PartialError)
    assert.deepEqual([...error.rejected.keys()], [0, 1, 3])
    assert.deepEqual(error.together, [
      { first: 0, count: 2 },
      { first: 3, count: 1 },
    ])
    return true
  })
})

test('a retry sends the events of messages that were not acknowledged, and these alone', async () => {
  const { peer, output } = await batching({ protocol_version: '5' })
  peer.answer = (publish) => acknowledge(publish, publish.topic === 'b' ? 0x97 : 0)
  const batch = events({ to: 'a' }, { to: 'b', n: 1 }, { to: 'a' })
  await assert.rejects(output.flush(batch, forever), { code: 'MQTT_NOT_TAKEN' })
  peer.published.length = 0
  peer.answer = (publish) => acknowledge(publish)
  await output.flush(batch, forever)
  assert.deepEqual(sent(peer), [['b', '[{"to":"b","n":1}]']])
})

for (const options of [{ format: 'csv' }, { message_key: 'n' }]) {
  test(`a batch with ${JSON.stringify(options)} is an error before anything is connected`, () => {
    const raw = { batch: true, ...options }
    assert.throws(() => mqtt.create(optionsOf(mqtt, raw), new RecordingOutputContext()), { code: 'MQTT_BATCH' })
  })
}
