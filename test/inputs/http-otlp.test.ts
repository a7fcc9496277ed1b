import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import type { EventRecord } from '../../src/event/event.js'
import { ingesting } from '../support/http-ingest.js'
import { encodings, type Given } from '../support/otlp.js'
import { otlpExporter, type Signal } from '../support/otlp-exporter.js'

const startTime = [1_700_000_000, 1]
const endTime = [1_700_000_000, 123_456_789]
const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }

interface Sample {
  readonly signal: Signal
  readonly given: readonly Given[]
  /** Some fields of each record. */
  readonly records: readonly EventRecord[]
}

const samples: readonly Sample[] = [
  {
    signal: 'logs',
    given: [
      { hrTime: endTime, severityNumber: 9, body: 'the link is up' },
      { hrTime: endTime, body: { port: 'eth0' } },
    ],
    records: [{ body: 'the link is up', severity_number: 9 }, { body: { port: 'eth0' } }],
  },
  {
    signal: 'metrics',
    given: [
      {
        descriptor: { name: 'temperature', description: '', unit: 'Cel', valueType: 1 },
        dataPointType: 2,
        dataPoints: [{ startTime, endTime, attributes: {}, value: 41.5 }],
      },
    ],
    records: [{ name: 'temperature', type: 'gauge', value: 41.5 }],
  },
  {
    signal: 'traces',
    given: [{ name: 'GET /things', spanContext: () => ids, startTime: endTime, endTime }],
    records: [{ name: 'GET /things', span_id: ids.spanId, trace_id: ids.traceId }],
  },
]

describe("OpenTelemetry's exporters", () => {
  for (const encoding of encodings) {
    for (const { signal, given, records } of samples) {
      test(`send ${signal} as ${encoding}, compressed or not, and can read the answer`, async (t) => {
        const { url, events, agent } = await ingesting(t, { input: { tag: 'otel' } })
        const plain = otlpExporter(t, { url, signal, encoding })
        const compressed = otlpExporter(t, { url, signal, encoding, isCompressed: true })
        for (const send of [plain, compressed]) {
          const { error, answer } = await send(given)
          assert.equal(error, undefined)
          assert.deepEqual(Object.values(answer ?? assert.fail('the answer cannot be read')), [])
        }
        assert.equal(events.length, 2 * records.length)
        for (const [n, { tag, time, record }] of events.entries()) {
          assert.equal(tag, 'otel')
          assert.deepEqual(time, { seconds: endTime[0], nanoseconds: endTime[1] })
          const expected = records[n % records.length] ?? {}
          for (const [name, value] of Object.entries(expected)) assert.deepEqual(record[name], value, name)
        }
        assert.deepEqual(agent.ledger.inputs['http.0']?.counters, {})
      })
    }

    test(`are told why a body is refused, as ${encoding}`, async (t) => {
      const { url, events, agent } = await ingesting(t)
      const send = otlpExporter(t, { url, signal: 'logs', encoding })
      const { error } = await send([{ body: 'flat' }, { body: nested(300) }])
      assert.match(error?.message ?? '', /Bad Request/)
      assert.match(error?.data ?? '', /at most \d+/)
      assert.deepEqual(events, [])
      assert.deepEqual(agent.ledger.inputs['http.0']?.counters, { refused_invalid: 1 })
    })
  }

  test('send again what there was no room for, once the time is over that the answer names', async (t) => {
    let fails = 1
    const deliver = (): void => {
      if (fails-- > 0) throw new Error('down')
    }
    const { url, events, agent } = await ingesting(t, { output: { retry_limit: 'no_retries' }, deliver })
    const { error } = await otlpExporter(t, { url, signal: 'logs', encoding: 'protobuf' })([{ body: 'again' }])
    assert.equal(error, undefined)
    assert.deepEqual(
      events.map(({ record }) => record['body']),
      ['again'],
    )
    assert.deepEqual(agent.ledger.inputs['http.0']?.counters, { refused_not_taken: 1 })
  })
})

/** More lists in one another than anybody reads. */
function nested(depth: number): unknown {
  return depth === 0 ? 'deep' : [nested(depth - 1)]
}

test('the status of a refusal is a google.rpc.Status in the encoding of the request', async (t) => {
  const { post } = await ingesting(t)
  const refused = await post('/v1/logs', '\u0008')
  const { code, message } = JSON.parse(refused.text) as { readonly code: number; readonly message: string }
  assert.deepEqual([refused.status, refused.headers.get('content-type'), code], [400, 'application/json', 3])
  assert.match(message, /expected/)
  const torn = await post('/v1/logs', Buffer.from([8]), { 'content-type': 'application/x-protobuf' })
  assert.deepEqual([torn.status, torn.headers.get('content-type')], [400, 'application/x-protobuf'])
  assert.deepEqual([...Buffer.from(torn.text).subarray(0, 3)], [0x08, 3, 0x12])
  const unknown = await post('/v1/logs', 'x', { 'content-type': 'text/plain' })
  assert.equal(unknown.status, 415)
})
