import assert from 'node:assert/strict'
import { test } from 'node:test'
import hec from '../../codecs/splunk_hec/index.js'
import { ParseError } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, codecsOf, parsedOf, recordsOf } from '../support/codec.js'

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
})

codecContract('splunk_hec with raw lines', {
  create: codecsOf(hec, { raw: true }),
  stream: 'one\r\n\n {"event":1}\nünd',
  records: [{ event: 'one' }, { event: ' {"event":1}' }, { event: 'ünd' }],
  garbage: [],
  oversize: `${'x'.repeat(60)}\n`,
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
