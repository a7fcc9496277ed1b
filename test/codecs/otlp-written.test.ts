import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import otlp from '../../codecs/otlp/index.js'
import type { EventRecord, Parsed } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { records as anyRecords } from '../support/arbitraries.js'
import { batchOf } from '../support/batch.js'
import { codecOf, parsedOf } from '../support/codec.js'
import { type Encoding, encodings, exportedLogs, exportedMetrics } from '../support/otlp.js'

type Options = { readonly [name: string]: unknown }

const origin = { resource: { 'service.name': 'gateway', 'host.cpus': 4 }, scope: { name: 'engine', version: '1.2' } }
const start = '2023-11-14T22:13:20.000000001Z'

/** Those of one resource, and those of one scope, are neighbours: so they are written. */
const logs: readonly EventRecord[] = [
  {
    body: 'the link is up',
    severity_text: 'INFO',
    severity_number: 9,
    event_name: 'link.up',
    attributes: { port: 'eth0', up: true, retries: -3, ratio: 0.25, raw: Uint8Array.of(0, 255), none: null },
    dropped_attributes_count: 2,
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
    flags: 1,
    observed_time: '2023-11-14T22:13:21.000000001Z',
    ...origin,
  },
  { body: { nested: { list: ['a', 2, [false]] }, big: -(2n ** 63n) }, scope: { name: 'engine', attributes: { a: 1 } } },
  { severity_number: 24 },
  { body: '', resource: { 'service.name': 'other' } },
]

const number = {
  unit: 'Cel',
  description: 'Of the coolant.',
  attributes: { sensor: 'a' },
  start_time: start,
  ...origin,
}
const points: readonly EventRecord[] = [
  { name: 'temperature', type: 'gauge', value: 41.5, ...number },
  { name: 'packets', type: 'sum', temporality: 'cumulative', monotonic: true, value: 129, ...origin },
  {
    name: 'latency',
    type: 'histogram',
    temporality: 'delta',
    count: 3,
    sum: 31.5,
    min: 0.5,
    max: 16,
    explicit_bounds: [5, 10],
    bucket_counts: [1, 0, 2],
    ...number,
  },
  { name: 'whole', type: 'gauge', value: 41 },
  { name: 'gone', type: 'gauge', flags: 1 },
  { name: 'exact', type: 'sum', temporality: 'delta', monotonic: false, value: 2n ** 62n },
  {
    name: 'size',
    type: 'exponential_histogram',
    temporality: 'cumulative',
    count: 5,
    scale: -3,
    zero_count: 1,
    zero_threshold: 0.5,
    positive: { offset: -2, bucket_counts: [1, 3] },
  },
  { name: 'rpc', type: 'summary', count: 4, sum: 0.5, quantile_values: [{ quantile: 0.5, value: 0.1 }] },
]

const gauge = {
  descriptor: { name: 'x', description: 'd', unit: 'u', type: 'GAUGE', valueType: 1 },
  dataPointType: 2,
  aggregationTemporality: 1,
  dataPoints: [{ startTime: [0, 0], endTime: [0, 0], attributes: {}, value: 1.5 }],
}

for (const encoding of encodings) {
  const written = { times: {}, precision: 0, garbage: [], oversize: 'x'.repeat(20_000) }
  const logCodec = codecOf(otlp, { encoding })
  codecContract(`OTLP logs as ${encoding}, written`, {
    create: () => logCodec,
    stream: exportedLogs(encoding, [{ body: 'x' }]),
    records: [{ body: 'x', ...origin }],
    ...written,
    written: logs.map((record) => [record]),
  })
  const metricCodec = codecOf(otlp, { encoding, signal: 'metrics' })
  codecContract(`OTLP metrics as ${encoding}, written`, {
    create: () => metricCodec,
    stream: exportedMetrics(encoding, [gauge]),
    records: [{ name: 'x', description: 'd', unit: 'u', type: 'gauge', value: 1.5, ...origin }],
    ...written,
    written: points.map((record) => [record]),
    refused: [{}, { name: 'x', value: '5' }, { list: [1] }],
  })

  test(`any record becomes the body of a log in ${encoding}, and is what it was`, () => {
    fc.assert(
      fc.property(
        anyRecords.filter((record) => Object.keys(record).length > 0),
        (record) => {
          const [read] = back({ encoding }, [{ not: 'a log', record }])
          assert.deepEqual(read?.record, { body: { not: 'a log', record: exact(record) } })
        },
      ),
      { numRuns: 50 },
    )
  })

  test(`what OpenTelemetry's own exporter writes in ${encoding} is the same once it was read and written`, () => {
    const body = exportedLogs(encoding, [
      { hrTime: [1_700_000_000, 5], body: 'a', attributes: { n: 1, x: [1.5, 'y'] }, severityNumber: 17 },
      { hrTime: [1_700_000_001, 6], hrTimeObserved: [1_700_000_002, 7], body: 'b' },
    ])
    const codec = codecOf(otlp, { encoding })
    const events = parsedOf(codec, body)
    const again = parsedOf(codec, formatted(codec, events))
    assert.deepEqual(again, events)
  })
}

test('records of one resource and scope stand together, and so do points of one metric', () => {
  const codec = codecOf(otlp, { encoding: 'json', signal: 'metrics' })
  const point = (value: number, name: string, sensor: string): EventRecord => ({
    name,
    type: 'gauge',
    value,
    attributes: { sensor },
    ...origin,
  })
  const body = formatted(
    codec,
    [point(1, 'a', 'x'), point(2, 'b', 'x'), point(3, 'a', 'y')].map((record) => ({ record })),
  )
  const { resourceMetrics } = JSON.parse(Buffer.from(body).toString()) as Request
  const [only, ...others] = resourceMetrics
  assert.deepEqual(others, [])
  const [scope, ...scopes] = only?.scopeMetrics ?? []
  assert.deepEqual(scopes, [])
  assert.deepEqual(
    scope?.metrics.map(({ name, gauge: { dataPoints } }) => [name, dataPoints.map(({ asDouble }) => asDouble)]),
    [
      ['a', [1, 3]],
      ['b', [2]],
    ],
  )
})

test('every number of a record of another kind is a gauge', () => {
  const codec = codecOf(otlp, {
    signal: 'metrics',
    labels: { bus: '$bus' },
    resource_attributes: { 'host.name': 'gw' },
  })
  const events = parsedOf(codec, formatted(codec, [{ record: { bus: 'can0', speed: 81.5, on: true, note: 'x' } }]))
  const shared = { type: 'gauge', attributes: { bus: 'can0' }, resource: { 'host.name': 'gw' } }
  assert.deepEqual(
    events.map(({ record }) => record),
    [
      { name: 'test.speed', value: 81.5, ...shared },
      { name: 'test.on', value: 1, ...shared },
    ],
  )
})

test('a log has the body and the severity that the options name', () => {
  const options = { body_key: 'message', severity_key: 'level', resource_attributes: { 'service.name': '$unit' } }
  const records = [
    { message: 'up', level: 'Warning', unit: 'can' },
    { message: { a: 1 }, level: 'odd' },
    { text: 'no message' },
  ]
  assert.deepEqual(
    back(options, records).map(({ record }) => record),
    [
      {
        body: 'up',
        severity_text: 'Warning',
        severity_number: 13,
        attributes: { level: 'Warning', unit: 'can' },
        resource: { 'service.name': 'can' },
      },
      { body: { a: 1 }, severity_text: 'odd', attributes: { level: 'odd' } },
      { body: { text: 'no message' } },
    ],
  )
})

test('a field of a log that holds what OTLP does not have there makes the record a body', () => {
  for (const record of [{ trace_id: 'xyz' }, { flags: -1 }, { observed_time: 'now' }, { attributes: [1] }]) {
    assert.deepEqual(back({}, [record])[0]?.record, { body: record })
  }
})

test('traces are only read', () => {
  assert.equal(codecOf(otlp, { signal: 'traces' }).formatter, undefined)
})

interface Request {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string
        readonly gauge: { readonly dataPoints: readonly { readonly asDouble: number }[] }
      }[]
    }[]
  }[]
}

function formatted({ formatter }: ReturnType<typeof codecOf>, events: readonly Parsed[]): Uint8Array {
  assert.ok(formatter)
  const samples = events.map(({ record, time }) => ({ ...(time ?? { seconds: 1_700_000_000 }), record }))
  return formatter.format(batchOf(samples).chunks)
}

/** What is read of these records once they were written. */
function back(options: Options & { readonly encoding?: Encoding }, records: readonly EventRecord[]): Parsed[] {
  const codec = codecOf(otlp, options)
  return parsedOf(
    codec,
    formatted(
      codec,
      records.map((record) => ({ record })),
    ),
  )
}

/** Integers that have no room in 64 bits with a sign are text. */
function exact(value: EventRecord[string]): EventRecord[string] {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : String(value)
  if (Array.isArray(value)) return (value as readonly EventRecord[string][]).map(exact)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, exact(each)]))
}
