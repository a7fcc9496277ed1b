import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PbfWriter } from 'pbf'
import snappy from 'snappyjs'
import loki from '../../codecs/loki/index.js'
import { AgentError, type EventRecord, ParseError } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { batchOf } from '../support/batch.js'
import { codecOf, codecsOf, parsedOf, recordsOf, textOf } from '../support/codec.js'

const json = codecsOf(loki)
const protobuf = codecsOf(loki, { encoding: 'protobuf', max_unpacked: '4KiB' })

const records = [
  { log: 'first', labels: { job: 'a', host: 'gw 1' } },
  { log: 'ünd "more"\n', labels: { job: 'a', host: 'gw 1' }, structured_metadata: { trace_id: '0242', user: 'x' } },
  { log: '', labels: { job: 'b' } },
]
const times = [
  { seconds: 1_570_818_238, nanoseconds: 1 },
  { seconds: 1_570_818_238, nanoseconds: 123_456_789 },
  { seconds: 4_294_967_295, nanoseconds: 999_999_999 },
]

const jsonPush = `{"streams": [
  {"stream": {"job": "a", "host": "gw 1"}, "values": [
    ["1570818238000000001", "first"],
    ["1570818238123456789", "ünd \\"more\\"\\n", {"trace_id": "0242", "user": "x"}]]},
  {"stream": {"job": "none"}, "values": []},
  {"stream": {"job": "b"}, "values": [["4294967295999999999", ""]]}]}`

/** The same, byte by byte as push.proto and the encoding of protocol buffers have it. */
const protobufPush = Buffer.from(
  [
    '0a65', // a stream
    '0a167b6a6f623d2261222c20686f73743d2267772031227d', // {job="a", host="gw 1"}
    '12110a0808be9183ed051001 12056669727374', // an entry: time, first
    '12380a0b08be9183ed0510959aef3a 120cc3bc6e6420226d6f7265220a', // an entry: time, ünd "more"
    '1a100a0874726163655f6964120430323432 1a090a0475736572120178', // trace_id 0242, user x
    '0a1d 0a097b6a6f623d2262227d', // a stream: {job="b"}
    '12100a0c08ffffffff0f10ff93ebdc03 1200', // an entry: time, an empty line
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
)

/** Those of one stream stand together, in the order of its first. */
const writing = {
  written: [
    ...records.map((record) => [record] as const),
    [
      { log: 'x', labels: { '0-odd name': 'a "q"\n\\ü', none: '' } },
      { log: 'x', labels: { _0_odd_name: 'a "q"\n\\ü' } },
    ],
    [
      { log: '', labels: {} },
      { log: '', labels: { job: 'sluice' } },
    ],
    [
      { n: 2n ** 64n - 1n, text: 'ü' },
      { log: '{"n":18446744073709551615,"text":"ü"}', labels: { job: 'sluice' } },
    ],
    [
      { log: 'x', labels: {}, more: 1 },
      { log: '{"log":"x","labels":{},"more":1}', labels: { job: 'sluice' } },
    ],
  ] satisfies (readonly [EventRecord, EventRecord?])[],
  times: {},
  precision: 0,
}

codecContract('loki in JSON', {
  create: json,
  stream: jsonPush,
  records,
  garbage: [
    '{',
    '[]',
    '{}',
    '{"streams": {}}',
    '{"streams": [{"values": []}]}',
    '{"streams": [{"stream": {"a": 1}, "values": []}]}',
    '{"streams": [{"stream": {}, "values": [["1", "x"], ["1"]]}]}',
    '{"streams": [{"stream": {}, "values": [["1", "x", {}, {}]]}]}',
    '{"streams": [{"stream": {}, "values": [["1", 5]]}]}',
    '{"streams": [{"stream": {}, "values": [["1", "x", {"a": 1}]]}]}',
  ],
  oversize: ' '.repeat(1000),
  ...writing,
})

codecContract('loki in protocol buffers', {
  create: protobuf,
  stream: pack(protobufPush),
  records,
  garbage: [
    'no snappy',
    pack(Buffer.from('0a', 'hex')),
    pack(protobufPush.subarray(0, -1)),
    pack(Buffer.concat([protobufPush, Buffer.alloc(5)])),
    pack(pushOf('job="a"', entryOf())),
    pack(pushOf('{job=a}', entryOf())),
    pack(pushOf('{job="a"', entryOf())),
    pack(pushOf('{job="a" host="b"}', entryOf())),
    pack(pushOf('', entryOf())),
    pack(pushOf('{}', entryOf({ nanoseconds: 1e9 }))),
    pack(pushOf('{}', entryOf({ seconds: 2 ** 32 }))),
    pack(pushOf('{}', entryOf({ seconds: -1 }))),
  ],
  oversize: Buffer.alloc(1000),
  ...writing,
})

test('lines of the same labels are one stream, in the order of their events', () => {
  const codec = codecOf(loki, {
    labels: { bus: '$bus', site: 'north' },
    label_keys: ['$level', 'gone'],
    remove_keys: 'secret',
    structured_metadata: { trace: '$trace' },
  })
  const sent = [
    { bus: 'can0', level: 'info', n: 1, secret: 'x' },
    { bus: 'can1', level: 'info', n: 2 },
    { bus: 'can0', level: 'info', n: 3, trace: 't' },
  ]
  assert.deepEqual(JSON.parse(textOf(codec, sent)), {
    streams: [
      {
        stream: { bus: 'can0', level: 'info', site: 'north' },
        values: [
          ['1700000000000000000', '{"bus":"can0","n":1}'],
          ['1700000000000000000', '{"bus":"can0","n":3,"trace":"t"}', { trace: 't' }],
        ],
      },
      {
        stream: { bus: 'can1', level: 'info', site: 'north' },
        values: [['1700000000000000000', '{"bus":"can1","n":2}']],
      },
    ],
  })
})

test('a line is the JSON of its fields, pairs of them, or the one field that is left', () => {
  const lineOf = (options: object, record: EventRecord): unknown =>
    recordsOf(json(), textOf(codecOf(loki, options as never), [record]))[0]?.['log']
  assert.equal(lineOf({}, { text: 'a b', n: [1] }), '{"text":"a b","n":[1]}')
  assert.equal(lineOf({ line_format: 'key_value' }, { text: 'a b', n: [1] }), 'text="a b" n=[1]')
  const single = { drop_single_key: true, label_keys: ['bus'] }
  assert.equal(lineOf(single, { text: 'a b', bus: 'can0' }), 'a b')
  assert.equal(lineOf(single, { text: 'a b', n: 1 }), '{"text":"a b","n":1}')
})

test('a push in protocol buffers is what Loki declares, byte by byte', () => {
  const { formatter } = protobuf()
  assert.ok(formatter)
  const samples = records.map((record, index) => ({ ...times[index], record }))
  const expected = protobufPush.toString('latin1').replace('{job="a", host="gw 1"}', '{host="gw 1", job="a"}')
  const pushed = Buffer.from(snappy.uncompress(formatter.format(batchOf(samples).chunks)))
  assert.equal(pushed.toString('latin1'), expected)
  assert.deepEqual(formatter.headers, { 'content-encoding': 'snappy' })
})

test('times are exact to the nanosecond in both encodings', () => {
  for (const [create, body] of [[json, jsonPush] as const, [protobuf, pack(protobufPush)] as const]) {
    assert.deepEqual(
      parsedOf(create(), body).map(({ time }) => time),
      times,
    )
  }
})

test('a time that is none is refused with the index of its event', () => {
  for (const time of ['1e9', '-1', '4294967296000000000', '', 'now']) {
    const body = {
      streams: [
        { stream: { a: 'b' }, values: [['1', 'x']] },
        { stream: {}, values: [[time, 'x']] },
      ],
    }
    assert.throws(
      () => parsedOf(json(), JSON.stringify(body)),
      (error: unknown) => {
        assert.ok(error instanceof ParseError)
        assert.equal(error.index, 1)
        const expected = 'nanoseconds since 1970 as text, until 2106'
        assert.equal(error.message, `loki: event 1: expected ${expected}, got "${time}"`)
        return true
      },
    )
  }
})

test('labels that are none are refused with the index of the next event', () => {
  const body = Buffer.concat([pushOf('{a="b"}', entryOf()), pushOf('{a=b}', entryOf())])
  assert.throws(() => parsedOf(protobuf(), pack(body)), { index: 1, message: /^event 1: .*got \{a=b\}$/ })
})

test('a message that is torn is refused with the index of the event in it', () => {
  const tornEntry = entryOf().subarray(0, -1)
  const body = Buffer.concat([pushOf('{a="b"}', entryOf()), pushOf('{a="b"}', tornEntry)])
  assert.throws(() => parsedOf(protobuf(), pack(body)), {
    code: 'PROTOBUF_MALFORMED',
    index: 1,
    message: /^event 1: protobuf: expected \d+ bytes more at byte \d+, got \d+$/,
  })
})

test('labels are read as Prometheus writes them, with the escapes of Go', () => {
  const rows = [
    ['{}', {}],
    [' { a = "1" , b:c_2="x,}" , } ', { a: '1', 'b:c_2': 'x,}' }],
    [
      String.raw`{a="\"\\\n\t\a\x01\x7f\u00fc\U0001f600\101"}`,
      { a: '"\\\n\t\u0007\u0001\u007füüA'.replace('üü', 'ü😀') },
    ],
    [String.raw`{a="\xff\ud800"}`, { a: '\uFFFD\uFFFD' }],
    ['{"my.label"="x", __proto__="y"}', JSON.parse('{"my.label": "x", "__proto__": "y"}')],
  ] as const
  for (const [labels, expected] of rows) {
    assert.deepEqual(recordsOf(protobuf(), pack(pushOf(labels, entryOf()))), [{ log: 'x', labels: expected }], labels)
  }
})

test('an entry without a time has none, and fields that are not known are stepped over', () => {
  const entry = message((pbf) => {
    pbf.writeFixed64Field(9, 5)
    pbf.writeStringField(2, 'x')
    pbf.writeFloatField(10, 1)
    pbf.writeVarintField(12, 1)
  })
  assert.deepEqual(parsedOf(protobuf(), pack(pushOf('{a="b"}', entry))), [{ record: { log: 'x', labels: { a: 'b' } } }])
})

test('a block that would be too large is refused before there is room made for it', () => {
  const refused = { code: 'SNAPPY_TOO_LARGE', message: /at most 4096 bytes/ }
  assert.throws(() => parsedOf(protobuf(), pack(Buffer.alloc(4097))), refused)
  assert.throws(() => parsedOf(protobuf(), Buffer.from('ffffffff0f00', 'hex')), refused)
  assert.doesNotThrow(() => parsedOf(protobuf(), pack(pushOf('{}', entryOf({ line: 'x'.repeat(4000) })))))
})

test('whatever the message in a block, it gives records or an error that has a code', () => {
  const place = fc.nat(protobufPush.length - 1)
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.tuple(place, place, fc.nat(255)).map(([from, at, byte]) => {
      const copy = Buffer.from(protobufPush)
      copy[at] = byte
      return copy.subarray(from)
    }),
  )
  fc.assert(
    fc.property(bytes, (push) => {
      try {
        for (const { record } of parsedOf(protobuf(), pack(push))) assert.equal(typeof record['log'], 'string')
      } catch (error) {
        assert.ok(error instanceof AgentError, String(error))
      }
    }),
    { numRuns: 1000 },
  )
})

function pack(bytes: Uint8Array): Buffer {
  return Buffer.from(snappy.compress(Buffer.from(bytes)))
}

function message(write: (pbf: PbfWriter) => void): Buffer {
  const pbf = new PbfWriter()
  write(pbf)
  return Buffer.from(pbf.finish())
}

function entryOf({ line = 'x', seconds = undefined as number | undefined, nanoseconds = 0 } = {}): Buffer {
  const time = message((pbf) => {
    pbf.writeVarintField(1, seconds ?? 0)
    pbf.writeVarintField(2, nanoseconds)
  })
  return message((pbf) => {
    if (seconds !== undefined || nanoseconds !== 0) pbf.writeBytesField(1, time)
    pbf.writeStringField(2, line)
  })
}

/** A push of one stream, whose labels stand behind its entry. */
function pushOf(labels: string, entry: Buffer): Buffer {
  const stream = message((pbf) => {
    pbf.writeBytesField(2, entry)
    pbf.writeVarintField(3, 77)
    pbf.writeStringField(1, labels)
  })
  return message((pbf) => pbf.writeBytesField(1, stream))
}
