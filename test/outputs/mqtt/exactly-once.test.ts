import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import mqtt from '../../../outputs/mqtt/index.js'
import { systemClock } from '../../../src/base/clock.js'
import type { Output } from '../../../src/plugin/define.js'
import { AgentError } from '../../../src/plugin/errors.js'
import { batchOf } from '../../support/batch.js'
import { Link } from '../../support/link.js'
import { Mosquitto, noMosquitto } from '../../support/mosquitto.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'
import { acknowledge, ScriptedBroker } from '../../support/scripted-broker.js'

const forever = new AbortController().signal
const ended: (() => Promise<unknown> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function outputTo(port: number, options: { readonly [name: string]: unknown }): Promise<Output> {
  const raw = { port, qos: 2, client_id: 'gateway', json_date_key: 'false', topic: 'once', ...options }
  const output = await mqtt.create(optionsOf(mqtt, raw), new RecordingOutputContext(systemClock))
  ended.push(() => output.close?.())
  return output
}

const numbered = (count: number) => batchOf(Array.from({ length: count }, (_, n) => ({ record: { n } })))

/** Flushes again and again, as the engine does; answers how often it took. */
async function insist(output: Output, batch: ReturnType<typeof numbered>): Promise<number> {
  for (let attempt = 1; attempt < 100; attempt++) {
    try {
      await output.flush({ ...batch, attempt }, forever)
      return attempt
    } catch (error) {
      assert.ok(error instanceof AgentError, String(error))
    }
  }
  throw new Error('a hundred flushes were not enough')
}

async function scripted(): Promise<ScriptedBroker> {
  const peer = await new ScriptedBroker().listen()
  ended.push(() => peer.close())
  return peer
}

describe('against a real broker', { skip: noMosquitto }, () => {
  for (const protocol_version of ['3.1.1', '5']) {
    test(`a session that stays delivers each event exactly once over a link that breaks (MQTT ${protocol_version})`, async () => {
      const broker = await Mosquitto.start()
      ended.push(() => broker.end())
      const link = await Link.to(broker.port)
      ended.push(() => link.close())
      const subscriber = await broker.subscribe('once')
      const output = await outputTo(link.port, { protocol_version, clean_session: false, max_inflight: 20 })
      const count = 3000
      const flushed = insist(output, numbered(count))
      for (const cut of [200, 900, 1500, 2200]) {
        await subscriber.until((received) => received.length > cut, `${cut} events`)
        link.cut()
      }
      assert.ok((await flushed) >= 4)
      await subscriber.until((received) => received.length >= count, 'all events')
      assert.deepEqual(
        subscriber.received.map(({ payload }) => payload),
        Array.from({ length: count }, (_, n) => `{"n":${n}}`),
      )
    })
  }

  test('a clean session loses nothing over a link that breaks', async () => {
    const broker = await Mosquitto.start()
    ended.push(() => broker.end())
    const link = await Link.to(broker.port)
    ended.push(() => link.close())
    const subscriber = await broker.subscribe('once')
    const flushed = insist(await outputTo(link.port, { max_inflight: 20 }), numbered(2000))
    await subscriber.until((received) => received.length > 500, '500 events')
    link.cut()
    assert.ok((await flushed) > 1)
    await subscriber.until(
      (received) => new Set(received.map(({ payload }) => payload)).size === 2000,
      'each event at least once',
    )
  })
})

test('an event is delivered at its PUBCOMP, not at its PUBREC', async () => {
  const peer = await scripted()
  peer.release = () => undefined
  const output = await outputTo(peer.port, { ack_timeout: '300ms' })
  await assert.rejects(output.flush(numbered(1), forever), { code: 'MQTT_NO_ACK' })
  assert.equal(peer.released.length, 1)
})

test('an event that is refused by its PUBREC is given up, all others are delivered', async () => {
  const peer = await scripted()
  peer.answer = (publish) => acknowledge(publish, publish.payload === '{"n":1}' ? 0x99 : 0)
  const output = await outputTo(peer.port, { protocol_version: '5' })
  await assert.rejects(output.flush(numbered(3), forever), {
    code: 'MQTT_REFUSED_PART',
    rejected: new Map([[1, 'Publish error: Payload format invalid']]),
  })
  assert.equal(peer.released.length, 2)
})

for (const [protocol_version, hasSession, again] of [
  ['3.1.1', true, 0],
  ['5', true, 0],
  ['3.1.1', false, 1],
  ['5', false, 1],
] as const) {
  const what = hasSession ? 'goes on where it broke off' : 'is sent again to a broker that has forgotten the session'
  test(`what was under way ${what} (MQTT ${protocol_version})`, async () => {
    const peer = await scripted()
    const output = await outputTo(peer.port, { protocol_version, clean_session: false })
    peer.release = () => peer.dropAll()
    await assert.rejects(output.flush(numbered(1), forever), { code: 'MQTT_CLOSED' })
    const [id] = peer.released
    peer.published.length = 0
    peer.released.length = 0
    const usual = peer.connack
    peer.connack = (version) => [hasSession ? 1 : 0, ...(usual?.(version) ?? []).slice(1)]
    peer.release = new ScriptedBroker().release
    await output.flush({ ...numbered(1), attempt: 2 }, forever)
    assert.equal(peer.published.length, again)
    if (hasSession) assert.deepEqual(peer.released, [id])
  })
}

test('packet identifiers that an earlier process left behind are forgotten before any is used', async () => {
  const cleanOf = (connect: Buffer | undefined): boolean => ((connect?.[7] ?? 0) & 2) !== 0
  for (const [protocol_version, expected] of [
    ['5', [true, false]],
    ['3.1.1', [true, false, false]],
  ] as const) {
    const peer = await scripted()
    const output = await outputTo(peer.port, { protocol_version, clean_session: false })
    await output.flush(numbered(1), forever)
    peer.dropAll()
    await insist(output, { ...numbered(1), id: 'next' })
    assert.deepEqual(peer.connects.map(cleanOf), expected)
  }
})
