import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PbfWriter } from 'pbf'
import otlp from '../../codecs/otlp/index.js'
import { type Parsed, ParseError } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf } from '../support/codec.js'
import { encodings, exportedLogs, exportedMetrics } from '../support/otlp.js'

const from = {
  resource: { 'service.name': 'gateway', 'host.cpus': 4 },
  scope: { name: 'engine', version: '1.2' },
}

/** What the SDK for Node calls them (sdk-metrics: DataPointType, AggregationTemporality; api: ValueType). */
const kinds = { histogram: 0, exponential: 1, gauge: 2, sum: 3 }
const temporalities = { delta: 0, cumulative: 1 }
const valueTypes = { int: 0, double: 1 }

const startTime = [1_700_000_000, 1]
const endTime = [1_700_000_010, 987_654_321]
const point = (value: unknown, attributes = {}): object => ({ startTime, endTime, attributes, value })
const descriptor = (name: string, valueType: number, rest = {}): object => ({
  name,
  description: '',
  unit: '',
  valueType,
  ...rest,
})

const metrics = [
  {
    descriptor: descriptor('temperature', valueTypes.double, { description: 'Of the board.', unit: 'Cel' }),
    dataPointType: kinds.gauge,
    dataPoints: [point(41.5, { sensor: 'a' }), point(-0.25, { sensor: 'b' })],
  },
  {
    descriptor: descriptor('packets', valueTypes.int),
    dataPointType: kinds.sum,
    aggregationTemporality: temporalities.cumulative,
    isMonotonic: true,
    dataPoints: [point(4_294_967_296)],
  },
  {
    descriptor: descriptor('queue', valueTypes.int),
    dataPointType: kinds.sum,
    aggregationTemporality: temporalities.delta,
    isMonotonic: false,
    dataPoints: [point(-7)],
  },
  {
    descriptor: descriptor('latency', valueTypes.double, { unit: 'ms' }),
    dataPointType: kinds.histogram,
    aggregationTemporality: temporalities.delta,
    dataPoints: [
      point({ buckets: { counts: [1, 0, 2], boundaries: [5, 10.5] }, count: 3, sum: 31.5, min: 0.5, max: 16 }),
    ],
  },
  {
    descriptor: descriptor('size', valueTypes.double),
    dataPointType: kinds.exponential,
    aggregationTemporality: temporalities.cumulative,
    dataPoints: [
      point({
        count: 6,
        sum: 20,
        min: -1,
        max: 9,
        scale: 3,
        zeroCount: 1,
        positive: { offset: -2, bucketCounts: [1, 3] },
        negative: { offset: 4, bucketCounts: [1] },
      }),
    ],
  },
]

const start_time = '2023-11-14T22:13:20.000000001Z'
const temperature = { name: 'temperature', description: 'Of the board.', unit: 'Cel', type: 'gauge' }
const records = [
  { ...temperature, value: 41.5, attributes: { sensor: 'a' }, start_time, ...from },
  { ...temperature, value: -0.25, attributes: { sensor: 'b' }, start_time, ...from },
  {
    name: 'packets',
    type: 'sum',
    temporality: 'cumulative',
    monotonic: true,
    value: 4_294_967_296,
    start_time,
    ...from,
  },
  { name: 'queue', type: 'sum', temporality: 'delta', monotonic: false, value: -7, start_time, ...from },
  {
    name: 'latency',
    unit: 'ms',
    type: 'histogram',
    temporality: 'delta',
    count: 3,
    sum: 31.5,
    min: 0.5,
    max: 16,
    explicit_bounds: [5, 10.5],
    bucket_counts: [1, 0, 2],
    start_time,
    ...from,
  },
  {
    name: 'size',
    type: 'exponential_histogram',
    temporality: 'cumulative',
    count: 6,
    sum: 20,
    min: -1,
    max: 9,
    scale: 3,
    zero_count: 1,
    positive: { offset: -2, bucket_counts: [1, 3] },
    negative: { offset: 4, bucket_counts: [1] },
    start_time,
    ...from,
  },
]

const log = { severityText: 'INFO', hrTime: [1_700_000_000, 0] }
const garbage = {
  protobuf: [exportedLogs('protobuf', [log]), '{}', Uint8Array.of(0x0a, 0x05, 0x00)],
  json: [exportedMetrics('protobuf', metrics), '{"resourceMetrics":[1]}', '{"resourceMetrics":"x"}', '7'],
}

for (const encoding of encodings) {
  // It keeps nothing of a stream, and its options take long to check.
  const codec = codecOf(otlp, { signal: 'metrics', encoding })
  codecContract(`otlp metrics in ${encoding}`, {
    create: () => codec,
    stream: exportedMetrics(encoding, metrics),
    records,
    garbage: garbage[encoding],
    oversize: Buffer.alloc(4000, ' '),
  })

  test(`in ${encoding}, the time of a data point is kept to the nanosecond`, () => {
    const times = parsed(exportedMetrics(encoding, metrics), encoding).map(({ time }) => time)
    assert.equal(times.length, records.length)
    for (const time of times) assert.deepEqual(time, { seconds: 1_700_000_010, nanoseconds: 987_654_321 })
  })
}

test('a summary has its quantiles', () => {
  const summary = { name: 'rpc', type: 'summary', count: 4, sum: 0.5, quantile_values: [{ quantile: 0, value: 0.1 }] }
  const dataPoints = [{ count: '4', sum: 0.5, quantileValues: [{ value: 0.1 }] }]
  assert.deepEqual(recordsIn({ name: 'rpc', summary: { dataPoints } }), [summary])
  const writer = metricWriter((metric) => {
    metric.writeStringField(1, 'rpc')
    metric.writeMessage(11, (_, data) => data.writeMessage(1, (__, each) => writeSummary(each), undefined), undefined)
  })
  assert.deepEqual(
    parsed(writer.finish(), 'protobuf').map(({ record }) => record),
    [summary],
  )
})

test('integers of 64 bits are exact', () => {
  const dataPoints = [{ asInt: '-9223372036854775808' }, { asInt: '9007199254740993' }]
  assert.deepEqual(
    recordsIn({ name: 'n', gauge: { dataPoints } }).map(({ value }) => value),
    [-(2n ** 63n), 2n ** 53n + 1n],
  )
})

test('a point without a value has none, and its flags say why', () => {
  assert.deepEqual(recordsIn({ name: 'n', gauge: { dataPoints: [{ flags: 1 }] } }), [
    { name: 'n', type: 'gauge', flags: 1 },
  ])
})

test('a metric of a kind that is not known has no records', () => {
  assert.deepEqual(recordsIn({ name: 'n', sparkline: { dataPoints: [{}] } }), [])
})

test('what is wrong is told with the place of its data point', () => {
  const broken = [{ asInt: 1 }, { asInt: 'x' }]
  assert.throws(
    () => recordsIn({ name: 'n', gauge: { dataPoints: broken } }),
    (error: unknown) => {
      assert.ok(error instanceof ParseError)
      assert.equal(error.index, 1)
      assert.equal(error.message, 'event 1: NumberDataPoint.asInt: expected an integer of 64 bits, got "x"')
      return true
    },
  )
})

function parsed(body: string | Uint8Array, encoding: string): Parsed[] {
  const found = codecOf(otlp, { signal: 'metrics', encoding }).parse?.(Buffer.from(body))
  assert.ok(found)
  return [...found]
}

function recordsIn(metric: object): Parsed['record'][] {
  const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] })
  return parsed(body, 'json').map(({ record }) => record)
}

/** A request with one metric. */
function metricWriter(write: (metric: PbfWriter) => void): PbfWriter {
  const writer = new PbfWriter()
  const nested = (number: number, inner: (pbf: PbfWriter) => void) => (pbf: PbfWriter) =>
    pbf.writeMessage(number, (_, each) => inner(each), undefined)
  nested(1, nested(2, nested(2, write)))(writer)
  return writer
}

function writeSummary(summary: PbfWriter): void {
  summary.writeFixed64Field(4, 4)
  summary.writeDoubleField(5, 0.5)
  summary.writeMessage(6, (_, quantile) => quantile.writeDoubleField(2, 0.1), undefined)
}
