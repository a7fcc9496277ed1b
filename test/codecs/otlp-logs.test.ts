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

const logs = [
  {
    hrTime: [1_700_000_000, 123_456_789],
    hrTimeObserved: [1_700_000_001, 1],
    severityNumber: 9,
    severityText: 'INFO',
    body: 'the link is up',
    eventName: 'link.up',
    attributes: { port: 'eth0', up: true, retries: -3, ratio: 0.25, raw: Uint8Array.of(0, 255) },
    droppedAttributesCount: 2,
    spanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 },
  },
  { hrTimeObserved: [1_700_000_002, 5], body: { nested: { list: ['a', 2, [false]] }, 'long name': 4_294_967_296 } },
  { body: '' },
]

const records = [
  {
    body: 'the link is up',
    severity_text: 'INFO',
    severity_number: 9,
    event_name: 'link.up',
    attributes: { port: 'eth0', up: true, retries: -3, ratio: 0.25, raw: Uint8Array.of(0, 255) },
    dropped_attributes_count: 2,
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    span_id: 'b7ad6b7169203331',
    flags: 1,
    observed_time: '2023-11-14T22:13:21.000000001Z',
    ...from,
  },
  {
    body: { nested: { list: ['a', 2, [false]] }, 'long name': 4_294_967_296 },
    observed_time: '2023-11-14T22:13:22.000000005Z',
    ...from,
  },
  { body: '', ...from },
]

const notOfThisFormat = {
  protobuf: [exportedLogs('json', logs), exportedMetrics('protobuf', [gaugeOf(1)]), Uint8Array.of(0x0a, 0x05, 0x00)],
  json: [exportedLogs('protobuf', logs), '[]', '{"resourceLogs":{}}', '{"resourceLogs":[', 'null'],
}

for (const encoding of encodings) {
  // It keeps nothing of a stream, and its options take long to check.
  const codec = codecOf(otlp, { encoding })
  codecContract(`otlp logs in ${encoding}`, {
    create: () => codec,
    stream: exportedLogs(encoding, logs),
    records,
    garbage: notOfThisFormat[encoding],
    oversize: Buffer.alloc(1500, ' '),
  })

  test(`in ${encoding}, the time of a log is its own, else when it was observed, else none`, () => {
    assert.deepEqual(
      parsed(exportedLogs(encoding, logs), encoding).map(({ time }) => time),
      [{ seconds: 1_700_000_000, nanoseconds: 123_456_789 }, { seconds: 1_700_000_002, nanoseconds: 5 }, undefined],
    )
  })
}

test('values of every kind are exact', () => {
  const values = [
    [{ stringValue: '' }, ''],
    [{ boolValue: false }, false],
    [{ intValue: '9223372036854775807' }, 2n ** 63n - 1n],
    [{ intValue: 7 }, 7],
    [{ doubleValue: 'NaN' }, Number.NaN],
    [{ doubleValue: 1e300 }, 1e300],
    [{ bytesValue: 'AP8=' }, Uint8Array.of(0, 255)],
    [{ arrayValue: {} }, []],
    [{ arrayValue: { values: [{ intValue: '1' }, {}] } }, [1, null]],
    [{ kvlistValue: { values: [{ key: '__proto__', value: { intValue: 1 } }, { value: {} }, { key: 'a' }] } }, odd()],
    [{}, null],
  ]
  const body = JSON.stringify(requestOf(values.map(([value]) => ({ body: value }))))
  assert.deepEqual(
    parsed(body, 'json').map(({ record }) => record['body']),
    values.map(([, value]) => value),
  )
})

test('a resource and a scope may come behind their logs', () => {
  const writer = new PbfWriter()
  const attribute = (_: unknown, pbf: PbfWriter): void => {
    pbf.writeStringField(1, 'late')
    pbf.writeMessage(2, (__, value) => value.writeBooleanField(2, true), undefined)
  }
  writer.writeMessage(
    1,
    (_, ofResource) => {
      ofResource.writeMessage(
        2,
        (__, ofScope) => {
          ofScope.writeMessage(2, (___, log) => log.writeStringField(3, 'WARN'), undefined)
          ofScope.writeMessage(1, (___, scope) => scope.writeStringField(1, 'late'), undefined)
        },
        undefined,
      )
      ofResource.writeMessage(1, (__, resource) => resource.writeMessage(1, attribute, undefined), undefined)
    },
    undefined,
  )
  assert.deepEqual(parsed(writer.finish(), 'protobuf'), [
    { record: { severity_text: 'WARN', resource: { late: true }, scope: { name: 'late' } } },
  ])
})

test('what is wrong is told with the place of its event, once those before it were given', () => {
  const body = JSON.stringify(requestOf([{ body: {} }, { severityText: 'x' }, { traceId: 'xyz' }]))
  const given: Parsed[] = []
  assert.throws(
    () => {
      for (const event of codecOf(otlp, { encoding: 'json' }).parse?.(Buffer.from(body)) ?? []) given.push(event)
    },
    (error: unknown) => {
      assert.ok(error instanceof ParseError)
      assert.equal(error.index, 2)
      assert.equal(error.message, 'event 2: LogRecord.traceId: expected bytes in hexadecimal, got "xyz"')
      return true
    },
  )
  assert.equal(given.length, 2)
})

test('a value may be as deep as a record, and no deeper', () => {
  const nested = (depth: number): object =>
    depth === 0 ? { intValue: 1 } : { arrayValue: { values: [nested(depth - 1)] } }
  const body = (depth: number): string => JSON.stringify(requestOf([{ body: nested(depth) }]))
  assert.equal(parsed(body(18), 'json').length, 1)
  assert.throws(() => parsed(body(19), 'json'), { code: 'EVENT_TOO_DEEP' })
})

function parsed(body: string | Uint8Array, encoding: string): Parsed[] {
  const found = codecOf(otlp, { encoding }).parse?.(Buffer.from(body))
  assert.ok(found)
  return [...found]
}

function requestOf(logRecords: readonly object[]): object {
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
}

/** A map whose keys are odd. */
function odd(): object {
  return JSON.parse('{ "__proto__": 1, "": null, "a": null }') as object
}

function gaugeOf(value: number): { readonly [field: string]: unknown } {
  const descriptor = { name: 'g', description: '', unit: '', valueType: 1 }
  const dataPoints = [{ startTime: [0, 0], endTime: [1, 0], attributes: {}, value }]
  return { descriptor, dataPointType: 2, dataPoints }
}
