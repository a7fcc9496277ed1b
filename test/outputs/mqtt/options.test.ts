import assert from 'node:assert/strict'
import { test } from 'node:test'
import mqtt from '../../../outputs/mqtt/index.js'
import { readsFields, topicMaker } from '../../../outputs/mqtt/topic.js'
import { isTextType } from '../../../src/plugin/payloads.js'
import { optionsOf } from '../../support/options.js'
import { RecordingOutputContext } from '../../support/output-context.js'

const urls: readonly [string, object][] = [
  ['mqtt://broker', { host: 'broker' }],
  ['mqtt://broker:1884/site/a', { host: 'broker', port: 1884, topic: 'site/a' }],
  ['mqtts://broker/', { host: 'broker', tls: true }],
  ['mqtt://ada:p%40ss@broker', { host: 'broker', username: 'ada', password: 'p@ss' }],
  ['mqtt://[::1]:1883/t%24', { host: '::1', port: 1883, topic: 't$' }],
]
for (const [url, expected] of urls) {
  test(`${url} stands for its options`, () => {
    assert.deepEqual(mqtt.fromUrl?.(new URL(url)), expected)
  })
}

const wrong: readonly [string, object, RegExp][] = [
  ['QoS 3', { qos: 3 }, /^qos: expected a whole number from 0 to 2, got 3$/],
  ['a wildcard in the topic', { topic: 'a/#' }, /^topic: expected no "\+" and no "#"/],
  ['no name of a field', { message_key: '$' }, /^message_key: expected the name of a field, got "\$"$/],
]
for (const [what, options, message] of wrong) {
  test(`${what} is an error before anything is connected`, () => {
    assert.throws(() => mqtt.create(optionsOf(mqtt, { ...options }), new RecordingOutputContext()), { message })
  })
}

const topics: readonly [string, object][] = [
  ['fixed', { topic: 'fixed', changed: false }],
  ['$TAG', { topic: 'a.b', changed: false }],
  ['x/$TAG[0]/$k', { topic: 'x/a/v', changed: false }],
  ['$bad', { topic: '1_2_3_4', changed: true }],
  ['$empty', { refusal: 'its topic is empty' }],
  ['$long', { refusal: 'its topic is longer than 65535 bytes' }],
]
for (const [template, expected] of topics) {
  test(`the topic "${template}" of an event`, () => {
    const record = { k: 'v', bad: '1+2#3\u00004', empty: '', long: 'é'.repeat(33_000) }
    assert.deepEqual(topicMaker(template)({ tag: 'a.b', record }), expected)
  })
}

test('only topics that read fields need the events decoded', () => {
  assert.deepEqual(['a/b', '$TAG', 'x/$TAG[1]/y', '$TAGS', '$a', "$TAG/$a['b']"].map(readsFields), [
    false,
    false,
    false,
    true,
    true,
    true,
  ])
})

test('only text loses the newline at its end: bytes may end with that byte', () => {
  const types = [
    'application/json',
    'application/x-ndjson',
    'text/csv; charset=utf-8',
    'application/msgpack',
    'application/x-protobuf',
  ]
  assert.deepEqual(types.map(isTextType), [true, true, true, false, false])
})
