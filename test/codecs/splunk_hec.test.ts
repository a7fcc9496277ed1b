import assert from 'node:assert/strict'
import { test } from 'node:test'
import hec from '../../codecs/splunk_hec/index.js'
import { ParseError } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, codecsOf, parsedOf, recordsOf, textOf } from '../support/codec.js'

const body =
  '{"time":1426279439.123,"host":"gw","source":"s","sourcetype":"t","index":"main","event":"link \\"up\\" }{"}' +
  '{"time":"1426279439.123456789","event":{"a":[1,{"b":null}]},"fields":{"club":["x","y"],"n":1}}\r\n{"event":0}'

codecContract('splunk_hec', {
  create: codecsOf(hec),
  stream: body,
  records: [
    { host: 'gw', source: 's', sourcetype: 't', index: 'main', event: 'link "up" }{' },
    { event: { a: [1, { b: null }] }, fields: { club: ['x', 'y'], n: 1 } },
    { event: 0 },
  ],
  garbage: [
    'text',
    '[{"event":1}]',
    '{"event":1',
    '{}',
    '{"event":""}',
    '{"event":1,"fields":{"a":{}}}',
    '{"event":1}x',
  ],
  oversize: `{"event":"${'x'.repeat(200)}"}`,
  written: [
    [{ host: 'gw', source: 's', sourcetype: 't', index: 'main', event: 'link "up" }{', fields: { a: ['x'], n: 1 } }],
    [{ event: { big: 2n ** 64n - 1n, ü: '\n' } }],
    [{ message: 'x', event: 5 }, { event: { message: 'x', event: 5 } }],
    [{ event: null }, { event: { event: null } }],
  ],
  refused: [{ event: '' }, { host: 'a', event: '' }],
  times: {},
  precision: 240,
})

codecContract('splunk_hec with raw lines', {
  create: codecsOf(hec, { raw: true }),
  stream: 'one\r\n\n {"event":1}\nünd',
  records: [{ event: 'one' }, { event: ' {"event":1}' }, { event: 'ünd' }],
  garbage: [],
  oversize: `${'x'.repeat(60)}\n`,
  refused: [{ event: '' }],
})

test('a record is written as an event, with what the options say of it', () => {
  const codec = codecOf(hec, {
    event_host: '$host',
    event_source: 'bus',
    event_sourcetype: '$kind',
    event_index: 'main',
    event_field: { bus: '$bus', gone: '$gone' },
  })
  assert.equal(
    textOf(codec, [
      { host: 'gw', bus: 'can0' },
      { event: 'up', source: 'own' },
    ]),
    '{"time":1700000000.0,"host":"gw","source":"bus","index":"main","fields":{"bus":"can0"},"event":{"host":"gw","bus":"can0"}}\n' +
      '{"time":1700000000.0,"index":"main","event":"up","source":"own"}\n',
  )
})

test('one field is the event where event_key says so', () => {
  const records = [{ log: 'link "up"', n: 1 }, { log: { a: 1 } }, { n: 2 }]
  const time = '"time":1700000000.0'
  assert.equal(
    textOf(codecOf(hec, { event_key: '$log' }), records),
    `{${time},"event":"link \\"up\\""}\n{${time},"event":{"a":1}}\n{${time},"event":{"n":2}}\n`,
  )
  assert.equal(textOf(codecOf(hec, { event_key: 'log', raw: true }), records), 'link "up"\n{"a":1}\n{"n":2}\n')
})

test('raw lines are the events that were read, or records as JSON', () => {
  const codec = codecOf(hec, { raw: true })
  assert.equal(textOf(codec, [{ event: ' ünd' }, { a: 1 }, { event: 5 }]), ' ünd\n{"a":1}\n5\n')
})

test('a whole body of events one behind the other is read at once', () => {
  assert.deepEqual(
    parsedOf(codecOf(hec), body).map(({ time }) => time),
    [
      { seconds: 1_426_279_439, nanoseconds: 123_000_000 },
      { seconds: 1_426_279_439, nanoseconds: 123_456_789 },
      undefined,
    ],
  )
  assert.deepEqual(recordsOf(codecOf(hec, { raw: true }), 'a\nb\n'), [{ event: 'a' }, { event: 'b' }])
})

test('a time is seconds with a fraction, as a number or as text', () => {
  const codec = codecOf(hec)
  const timeOf = (text: string): unknown => parsedOf(codec, `{"time":${text},"event":1}`)[0]?.time
  assert.deepEqual(timeOf('0'), { seconds: 0, nanoseconds: 0 })
  assert.deepEqual(timeOf('"4294967295.9999999999"'), { seconds: 4_294_967_295, nanoseconds: 999_999_999 })
  assert.equal(timeOf('null'), undefined)
  for (const text of ['-1', '1426279439123', '"soon"', '""', '[]', 'true', '1e300']) {
    assert.throws(() => timeOf(text), ParseError, text)
  }
})

test('the first event that is wrong is told by its index and with a code for each answer of Splunk', () => {
  const rows = [
    ['{"event":1} 5', 'CODEC_HEC_DATA', 'splunk_hec: event 1: expected an object, got 5'],
    ['{"event":1}{"fields":{}}', 'CODEC_HEC_NO_EVENT', 'splunk_hec: event 1: expected an event, got null'],
    ['{"event":1}{"event":""}', 'CODEC_HEC_BLANK', 'splunk_hec: event 1: expected an event that is not blank, got ""'],
    [
      '{"event":1}{"event":1,"fields":[1]}{"event":""}',
      'CODEC_HEC_FIELDS',
      'splunk_hec: event 1: expected fields without maps in them, got [1]',
    ],
  ] as const
  for (const [frame, code, message] of rows) {
    assert.throws(() => parsedOf(codecOf(hec), frame), { name: 'ParseError', index: 1, code, message }, frame)
  }
  assert.throws(() => parsedOf(codecOf(hec), '{"event":1}{"event":}'), { index: 1, code: 'CODEC_HEC_DATA' })
})

test('a key that names no field is told when the codec is made', () => {
  for (const raw of ['on', 'off']) {
    assert.throws(() => codecOf(hec, { raw, event_key: '$a[' }), {
      code: 'PLUGIN_FIELD',
      message: 'event_key: expected the name of a field, got "$a["',
    })
  }
})
