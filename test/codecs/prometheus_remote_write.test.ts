import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compress } from 'snappyjs'
import codec from '../../codecs/prometheus_remote_write/index.js'
import { type Codec, type Parsed, ParseError } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf } from '../support/codec.js'
import { inside, label, packed, sample, type Write } from '../support/remote-write.js'

/** Both keep nothing of a stream, and their options take long to check. */
const first = codecOf(codec)
const second = codecOf(codec, { proto: 'io.prometheus.write.v2.Request' })
const noon = 1_700_000_000_250
const noonTime = { seconds: 1_700_000_000, nanoseconds: 250_000_000 }

const twoSeries = packed(
  inside(1, label('__name__', 'cpu'), label('core', '0'), sample(0.5, noon), sample(0, noon + 1)),
  inside(1, label('__name__', 'up'), label('__proto__', 'x'), sample(Number.NaN, noon)),
)
const oddLabels = JSON.parse('{ "__proto__": "x" }') as Parsed['record']

codecContract('prometheus remote write 1.0', {
  create: () => first,
  stream: twoSeries,
  records: [
    { name: 'cpu', labels: { core: '0' }, value: 0.5 },
    { name: 'cpu', labels: { core: '0' }, value: 0 },
    { name: 'up', labels: oddLabels, value: Number.NaN },
  ],
  garbage: [
    Uint8Array.of(10),
    Uint8Array.of(10, 0xfc, 0xfa, 0xff, 0xff, 0xff),
    compress(Buffer.from('text')),
    packed(inside(1, sample(1, -1))),
    packed(inside(1, sample(1, 2 ** 43))),
  ],
  oversize: Buffer.alloc(400),
  written: [
    [{ name: 'cpu', labels: { core: '0', mode: 'ü' }, value: 0.5 }],
    [{ name: 'cpu', labels: { core: '1' }, value: -Infinity }],
    [{ name: 'up', labels: {}, stale: true }],
    [
      { name: 'odd name', labels: { '0 label': 'x', none: '' }, value: 1 },
      { name: 'odd_name', labels: { _0_label: 'x' }, value: 1 },
    ],
    [
      { load: 2, user: 'root' },
      { name: 'tag_2_load', labels: {}, value: 2 },
    ],
    [{ on: true }, { name: 'tag_2_on', labels: {}, value: 1 }],
  ],
  refused: [{}, { text: '5' }, { name: 'cpu', labels: {} }, { name: 'cpu', labels: {}, value: 'x' }, { list: [1] }],
  times: {},
  precision: 1_000_000,
})

/** In the order of the places that the others name. */
const symbols = ['', '__name__', 'requests', 'code', '200', 'seconds']
const withSymbols: Write = (pbf) => symbols.forEach((symbol) => pbf.writeStringField(4, symbol))
const labelRefs: Write = (pbf) => pbf.writePackedVarint(1, [1, 2, 3, 4])
const metadata = inside(
  5,
  (pbf) => pbf.writeVarintField(1, 1),
  (pbf) => pbf.writeVarintField(4, 5),
)
const created: Write = (pbf) => pbf.writeVarintField(6, noon - 250)

codecContract('prometheus remote write 2.0', {
  create: () => second,
  stream: packed(inside(5, labelRefs, sample(7, noon), sample(8, noon + 1), metadata, created), withSymbols),
  records: [7, 8].map((value) => ({
    name: 'requests',
    labels: { code: '200' },
    value,
    type: 'counter',
    unit: 'seconds',
    start_time: '2023-11-14T22:13:20.000000000Z',
  })),
  garbage: [
    packed(
      withSymbols,
      inside(5, (pbf) => pbf.writePackedVarint(1, [1, 2, 3])),
    ),
    packed(
      withSymbols,
      inside(5, (pbf) => pbf.writePackedVarint(1, [1, 6])),
    ),
    packed(
      withSymbols,
      inside(5, metadata, (pbf) => pbf.writePackedVarint(1, [1, 900])),
    ),
  ],
  oversize: Buffer.alloc(400),
})

test('the time of a sample is kept to the millisecond', () => {
  assert.deepEqual(
    eventsIn(first, twoSeries).map(({ time }) => time),
    [noonTime, { ...noonTime, nanoseconds: 251_000_000 }, noonTime],
  )
})

test('the end of a series is no value', () => {
  const body = packed(inside(1, label('__name__', 'cpu'), inside(2, stale(1)), histogramOf(stale(3))))
  assert.deepEqual(
    eventsIn(first, body).map(({ record }) => record),
    [
      { name: 'cpu', labels: {}, stale: true },
      { name: 'cpu', labels: {}, type: 'histogram', stale: true },
    ],
  )
})

test('a native histogram of whole numbers has the counts of its buckets, not their differences', () => {
  const histogram = histogramOf(
    (pbf) => pbf.writeVarintField(1, 9),
    (pbf) => pbf.writeDoubleField(3, 12.5),
    (pbf) => pbf.writeSVarintField(4, -1),
    (pbf) => pbf.writeDoubleField(5, 0.001),
    (pbf) => pbf.writeVarintField(6, 2),
    inside(8, span(-3, 1)),
    (pbf) => pbf.writePackedSVarint(9, [1]),
    inside(11, span(2, 2)),
    inside(11, span(1, 1)),
    (pbf) => pbf.writePackedSVarint(12, [1, 2, -1]),
    (pbf) => pbf.writeVarintField(14, 2),
    (pbf) => pbf.writeVarintField(15, noon),
  )
  const expected = {
    record: {
      name: 'rpc',
      labels: {},
      type: 'histogram',
      count: 9,
      sum: 12.5,
      schema: -1,
      zero_threshold: 0.001,
      zero_count: 2,
      positive: {
        spans: [
          { offset: 2, length: 2 },
          { offset: 1, length: 1 },
        ],
        counts: [1, 3, 2],
      },
      negative: { spans: [{ offset: -3, length: 1 }], counts: [1] },
      reset_hint: 'no',
    },
    time: noonTime,
  }
  assert.deepEqual(eventsIn(first, packed(inside(1, label('__name__', 'rpc'), histogram))), [expected])
})

test('a native histogram of fractions, or with bounds of its own, has these', () => {
  const histogram = histogramOf(
    (pbf) => pbf.writeDoubleField(2, 1.5),
    (pbf) => pbf.writeSVarintField(4, -53),
    (pbf) => pbf.writeDoubleField(7, 0.5),
    inside(11, span(0, 2)),
    (pbf) => pbf.writePackedDouble(13, [0.25, 0.75]),
    (pbf) => pbf.writePackedDouble(16, [1, 5]),
  )
  const [event] = eventsIn(first, packed(inside(1, histogram)))
  assert.deepEqual(event?.record, {
    labels: {},
    type: 'histogram',
    count: 1.5,
    sum: 0,
    schema: -53,
    zero_threshold: 0,
    zero_count: 0.5,
    positive: { spans: [{ offset: 0, length: 2 }], counts: [0.25, 0.75] },
    custom_values: [1, 5],
  })
})

test('metadata and exemplars alone have no records', () => {
  const unread = inside(3, (pbf) => pbf.writeStringField(2, 'cpu'))
  assert.deepEqual(eventsIn(first, packed(unread, inside(1, unread, label('__name__', 'cpu')))), [])
})

test('what is wrong is told with the place of its sample', () => {
  assert.throws(
    () => eventsIn(first, packed(inside(1, sample(1, noon), sample(1, -1)))),
    (error: unknown) => {
      assert.ok(error instanceof ParseError)
      assert.equal(error.index, 1)
      const expected = 'event 1: remote write: expected a time between 1970 and 2106 in milliseconds, got -1'
      assert.equal(error.message, expected)
      return true
    },
  )
})

test('a body that would become larger than allowed is refused, and so are labels that name a long symbol often', () => {
  const small = { max_unpacked: '2KiB' }
  const large = packed(inside(1, label('a', 'x'.repeat(2048))))
  assert.throws(() => eventsIn(codecOf(codec, small), large), { code: 'SNAPPY_TOO_LARGE' })
  const refs = Array.from({ length: 16 }, () => 1)
  const often = packed(
    (pbf) => pbf.writeStringField(4, ''),
    (pbf) => pbf.writeStringField(4, 'x'.repeat(1000)),
    inside(5, (pbf) => pbf.writePackedVarint(1, refs), sample(1, noon)),
  )
  assert.throws(() => eventsIn(codecOf(codec, { ...small, proto: 'io.prometheus.write.v2.Request' }), often), {
    code: 'CODEC_REMOTE_WRITE_SYMBOLS',
    message: /labels of at most 2048 characters/,
  })
  assert.equal(eventsIn(second, often).length, 1)
})

function eventsIn({ parse }: Codec, body: Uint8Array): Parsed[] {
  return [...(parse?.(body) ?? [])]
}

/** The two halves of the marker, where the double stands. */
function stale(field: number): Write {
  return (pbf) => {
    pbf.writeTag(field, 1)
    pbf.writeFixed32(2)
    pbf.writeFixed32(0x7ff0_0000)
  }
}

function histogramOf(...writes: readonly Write[]): Write {
  return inside(4, ...writes)
}

function span(offset: number, length: number): Write {
  return (pbf) => {
    pbf.writeSVarintField(1, offset)
    pbf.writeVarintField(2, length)
  }
}
