import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import mqtt from '../../outputs/mqtt/index.js'
import { systemClock } from '../../src/base/clock.js'
import type { Output } from '../../src/plugin/define.js'
import { AgentError, PartialError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { Mosquitto, noMosquitto } from '../support/mosquitto.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

const forever = new AbortController().signal
const ended: (() => Promise<void> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function outputTo(port: number, options: { readonly [name: string]: unknown } = {}) {
  const context = new RecordingOutputContext(systemClock)
  const output: Output = await mqtt.create(optionsOf(mqtt, { port, ...options }), context)
  ended.push(() => output.close?.())
  return { output, context }
}

const numbered = (count: number, first = 0) =>
  batchOf(Array.from({ length: count }, (_, n) => ({ tag: 'host.cpu', seconds: 7, record: { n: first + n } })))

async function failure(flush: Promise<void>): Promise<AgentError> {
  const error = await flush.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof AgentError, `expected an AgentError, got ${String(error)}`)
  return error
}

describe('against a real broker', { skip: noMosquitto }, () => {
  let broker: Mosquitto

  before(async () => {
    broker = await Mosquitto.start()
  })
  after(() => broker.end())

  for (const protocol_version of ['3.1.1', '5']) {
    for (const qos of [0, 1, 2]) {
      test(`every event arrives in order with MQTT ${protocol_version} and QoS ${qos}`, async () => {
        const topic = `test/${protocol_version}/${qos}`
        const subscriber = await broker.subscribe(`${topic}/#`)
        const { output } = await outputTo(broker.port, { protocol_version, qos, topic: `${topic}/$TAG` })
        for (let flush = 0; flush < 3; flush++) await output.flush(numbered(500, flush * 500), forever)
        await subscriber.until((received) => received.length >= 1500, '1500 events')
        assert.deepEqual(
          subscriber.received,
          Array.from({ length: 1500 }, (_, n) => ({
            topic: `${topic}/host.cpu`,
            qos,
            retained: false,
            payload: `{"date":7.0,"n":${n}}`,
          })),
        )
      })
    }
  }

  test('topics are made from tags and fields, and what no topic may hold is replaced and counted', async () => {
    const subscriber = await broker.subscribe('made/#')
    const { output, context } = await outputTo(broker.port, { topic: 'made/$TAG[1]/$id' })
    const ids = ['a', 'b+#\0', undefined]
    await output.flush(batchOf(ids.map((id) => ({ tag: 'x.y', record: id === undefined ? {} : { id } }))), forever)
    await subscriber.until((received) => received.length >= 3, '3 events')
    assert.deepEqual(
      subscriber.received.map(({ topic }) => topic),
      ['made/y/a', 'made/y/b___', 'made/y/_'],
    )
    assert.deepEqual(context.counted, { topics_changed: 1 })
  })

  test('one field alone may be the payload; events without it are refused', async () => {
    const subscriber = await broker.subscribe('raw')
    const { output } = await outputTo(broker.port, { topic: 'raw', message_key: "$body['text']" })
    const texts = ['one', 2, new Uint8Array(Buffer.from('three')), { four: [5] }]
    const samples = [...texts.map((text) => ({ record: { body: { text } } })), { record: { other: 1 } }]
    const error = await failure(output.flush(batchOf(samples), forever))
    assert.ok(error instanceof PartialError)
    assert.deepEqual([...error.rejected.keys()], [4])
    assert.match(error.rejected.get(4) ?? '', /no such field \(message_key\)/)
    await subscriber.until((received) => received.length >= 4, '4 events')
    assert.deepEqual(
      subscriber.received.map(({ payload }) => payload),
      ['one', '2', 'three', '{"four":[5]}'],
    )
  })

  test('the broker keeps what is sent with retain', async () => {
    const { output } = await outputTo(broker.port, { topic: 'kept', retain: true })
    await output.flush(numbered(2), forever)
    const subscriber = await broker.subscribe('kept')
    await subscriber.until((received) => received.length >= 1, 'the last event')
    assert.deepEqual(subscriber.received, [{ topic: 'kept', qos: 1, retained: true, payload: '{"date":7.0,"n":1}' }])
  })

  for (const protocol_version of ['3.1.1', '5']) {
    test(`a broker that goes away in the middle of a batch loses nothing (MQTT ${protocol_version})`, async () => {
      const topic = `link/${protocol_version}`
      const subscriber = await broker.subscribe(topic)
      const { output } = await outputTo(broker.port, { protocol_version, topic, max_inflight: 20 })
      await output.flush(numbered(1), forever)
      const batch = numbered(5000, 1)
      const flush = failure(output.flush(batch, forever))
      await subscriber.until((received) => received.length > 100, 'a part of the batch')
      await broker.stop()
      await flush
      await failure(output.flush(batch, forever))
      await broker.start()
      await output.flush(batch, forever)
      await subscriber.until((received) => new Set(received.map(({ payload }) => payload)).size >= 5001, 'everything')
      assertOrder(subscriber.received.map(({ payload }) => (JSON.parse(payload) as { n: number }).n))
    })
  }
})

/** Each event for the first time in the order of sending; a repeated stretch is allowed. */
function assertOrder(numbers: readonly number[]): void {
  let next = 0
  for (const n of numbers) {
    assert.ok(n <= next, `got ${n} before ${next}`)
    if (n === next) next++
  }
}
