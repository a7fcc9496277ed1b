import type { TestContext } from 'node:test'
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http'
import { type Encoding, exportedLogs, exportedMetrics, exportedSpans, type Given, serializers } from './otlp.js'

export type Signal = keyof typeof serializers

export interface Exported {
  /** What the exporter makes of a refusal. */
  readonly error: (Error & { readonly data?: string }) | undefined
  /** The body of the answer, as the exporter reads it; undefined where it cannot, or had none to read. */
  readonly answer: unknown
}

export interface ExporterSetting {
  /** Such as `http://127.0.0.1:4318`. */
  readonly url: string
  readonly signal: Signal
  readonly encoding: Encoding
  readonly isCompressed?: boolean
}

const requests = { logs: exportedLogs, metrics: exportedMetrics, traces: exportedSpans }
const types = { json: 'application/json', protobuf: 'application/x-protobuf' }

/** Sends what it is given as OpenTelemetry's exporters for Node do, whose connections and retries it has; until the test ends. */
export function otlpExporter(
  t: TestContext,
  { url, signal, encoding, isCompressed = false }: ExporterSetting,
): (given: readonly Given[]) => Promise<Exported> {
  let answer: unknown
  const serializer = {
    serializeRequest: (given: readonly Given[]) => requests[signal](encoding, given),
    deserializeResponse: (data: Uint8Array): object =>
      (answer = serializers[signal][encoding].deserializeResponse(data)),
  }
  const compression = isCompressed ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE
  const where = { url: `${url}/v1/${signal}`, compression }
  const options = convertLegacyHttpOptions(where, signal.toUpperCase(), `v1/${signal}`, {
    'Content-Type': types[encoding],
  })
  const counted = { name: 'log' as const, countItems: ({ length }: readonly Given[]) => length }
  const exporter = createOtlpHttpExportDelegate(options, serializer, 'test', counted, undefined)
  t.after(() => exporter.shutdown())
  return (given) =>
    new Promise((resolve) => {
      answer = undefined
      exporter.export(given, ({ error }) => resolve({ error, answer }))
    })
}
