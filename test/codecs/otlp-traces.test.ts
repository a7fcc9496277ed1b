import assert from 'node:assert/strict'
import { test } from 'node:test'
import otlp from '../../codecs/otlp/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf } from '../support/codec.js'
import { encodings, exportedLogs, exportedSpans } from '../support/otlp.js'

const from = {
  resource: { 'service.name': 'gateway', 'host.cpus': 4 },
  scope: { name: 'engine', version: '1.2' },
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const context = (spanId: string): object => ({ traceId, spanId, traceFlags: 1 })

/** What the API for Node calls them: SpanKind is one less than on the wire. */
const kinds = { internal: 0, server: 1 }

const spans = [
  {
    name: 'GET /things',
    spanContext: () => ({ ...context('b7ad6b7169203331'), traceState: { serialize: () => 'vendor=1' } }),
    parentSpanContext: context('00f067aa0ba902b7'),
    kind: kinds.server,
    startTime: [1_700_000_000, 123_456_789],
    endTime: [1_700_000_000, 500_000_000],
    status: { code: 2, message: 'timed out' },
    attributes: { 'http.status': 504 },
    droppedAttributesCount: 3,
    events: [{ name: 'retry', time: [1_700_000_000, 200_000_000], attributes: { n: 1 } }],
    links: [{ context: context('1111111111111111'), attributes: { why: 'batch' } }],
  },
  { name: '', spanContext: () => context('2222222222222222'), kind: kinds.internal },
]

/** 256 says that it is known whether the parent is remote (trace.proto: SpanFlags). */
const flags = 1 | 256

const records = [
  {
    name: 'GET /things',
    kind: 'server',
    trace_id: traceId,
    span_id: 'b7ad6b7169203331',
    parent_span_id: '00f067aa0ba902b7',
    trace_state: 'vendor=1',
    end_time: '2023-11-14T22:13:20.500000000Z',
    status: { code: 'error', message: 'timed out' },
    attributes: { 'http.status': 504 },
    dropped_attributes_count: 3,
    events: [{ name: 'retry', time: '2023-11-14T22:13:20.200000000Z', attributes: { n: 1 } }],
    links: [{ trace_id: traceId, span_id: '1111111111111111', attributes: { why: 'batch' } }],
    flags,
    ...from,
  },
  { kind: 'internal', trace_id: traceId, span_id: '2222222222222222', flags, ...from },
]

const garbage = {
  protobuf: [exportedLogs('protobuf', [{ severityText: 'INFO', hrTime: [1, 0] }]), '{}'],
  json: [exportedSpans('protobuf', spans), '{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"x"}]}]}]}'],
}

for (const encoding of encodings) {
  // It keeps nothing of a stream, and its options take long to check.
  const codec = codecOf(otlp, { signal: 'traces', encoding })
  codecContract(`otlp traces in ${encoding}`, {
    create: () => codec,
    stream: exportedSpans(encoding, spans),
    records,
    garbage: garbage[encoding],
    oversize: Buffer.alloc(2500, ' '),
  })

  test(`in ${encoding}, the time of a span is its start`, () => {
    const times = Array.from(codec.parse?.(exportedSpans(encoding, spans)) ?? [], ({ time }) => time)
    assert.deepEqual(times, [{ seconds: 1_700_000_000, nanoseconds: 123_456_789 }, undefined])
  })
}
