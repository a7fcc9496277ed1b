import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import mqtt from '../../../outputs/mqtt/index.js'
import type { Clock } from '../../../src/base/clock.js'
import { batchOf } from '../../support/batch.js'
import { FakeClock } from '../../support/fake-clock.js'
import { Mosquitto, noMosquitto } from '../../support/mosquitto.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'

const forever = new AbortController().signal
const ended: (() => Promise<unknown> | undefined)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

describe('what MQTT 5 says of a message beside its payload', { skip: noMosquitto }, () => {
  let broker: Mosquitto

  before(async () => {
    broker = await Mosquitto.start()
  })
  after(() => broker.end())

  /** Content type, payload format indicator, expiry, user properties, and the payload, as mosquitto_sub prints them. */
  async function said(topic: string, options: object, records: readonly object[], clock: Clock): Promise<string[]> {
    const lines = await broker.lines(topic, '%C|%F|%E|%P|%p')
    const raw = { port: broker.port, protocol_version: '5', topic, json_date_key: 'false', ...options }
    const output = await mqtt.create(optionsOf(mqtt, raw), new RecordingOutputContext(clock))
    ended.push(() => output.close?.())
    const seconds = clock.wall() / 1000
    const samples = records.map((record, n) => ({ tag: 'a.b', seconds: seconds - n * 60, record: { ...record } }))
    await output.flush(batchOf(samples), forever)
    await lines.until((received) => received.length > 0, 'a message')
    return [...lines.received]
  }

  const cases: readonly [string, object, string][] = [
    ['the format has a content type, and is text', {}, 'application/json|1|||{"id":"x"}'],
    [
      "a content type of one's own",
      { content_type: 'application/senml+json' },
      'application/senml+json|1|||{"id":"x"}',
    ],
    ['no content type', { content_type: '' }, '|1|||{"id":"x"}'],
    ['a field alone, which may be anything', { message_key: 'id' }, '||||x'],
    [
      'user properties from tag and fields',
      { user_properties: { site: '$TAG[1]', id: 'n-$id', none: '$gone' } },
      'application/json|1||site:b id:n-x none:|{"id":"x"}',
    ],
    ['the time that is left of max_age', { max_age: '90s' }, 'application/json|1|90||{"id":"x"}'],
  ]
  for (const [index, [what, options, expected]] of cases.entries()) {
    test(what, async () => {
      const clock = new FakeClock()
      assert.deepEqual(await said(`said/${index}`, options, [{ id: 'x' }], clock), [expected])
    })
  }

  test('a message with several events lives as long as the youngest of them', async () => {
    const clock = new FakeClock()
    const lines = await said('several', { max_age: '90s', batch: true, content_type: '' }, [{ n: 0 }, { n: 1 }], clock)
    assert.deepEqual(lines, ['|1|90||[{"n":0},{"n":1}]'])
  })

  test('events with other user properties are messages of their own', async () => {
    const options = { batch: true, content_type: '', user_properties: { id: '$id' } }
    const records = [{ id: 'x' }, { id: 'y' }, { id: 'x', n: 1 }]
    assert.deepEqual(await said('apart', options, records, new FakeClock()), [
      '|1||id:x|[{"id":"x"},{"id":"x","n":1}]',
      '|1||id:y|[{"id":"y"}]',
    ])
  })
})

test('user properties are an error in MQTT 3.1.1, which has none', () => {
  assert.throws(() => mqtt.create(optionsOf(mqtt, { user_properties: { a: 'b' } }), new RecordingOutputContext()), {
    code: 'MQTT_OPTIONS',
  })
})
