import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'

export const encodings = ['protobuf', 'json'] as const

type Encoding = (typeof encodings)[number]
/** Seconds and nanoseconds, as OpenTelemetry's programs have it. */
type HrTime = readonly [seconds: number, nanoseconds: number]
type Given = { readonly [field: string]: unknown }

/** What an OpenTelemetry program says of itself in the tests. */
export const origin = {
  resource: { attributes: { 'service.name': 'gateway', 'host.cpus': 4 } },
  instrumentationScope: { name: 'engine', version: '1.2' },
}

const logDefaults = {
  hrTime: [0, 0] satisfies HrTime,
  hrTimeObserved: [0, 0] satisfies HrTime,
  attributes: {},
  droppedAttributesCount: 0,
  ...origin,
}

const spanDefaults = {
  kind: 0,
  startTime: [0, 0] satisfies HrTime,
  endTime: [0, 0] satisfies HrTime,
  status: { code: 0 },
  attributes: {},
  droppedAttributesCount: 0,
  links: [],
  droppedLinksCount: 0,
  events: [],
  droppedEventsCount: 0,
  ...origin,
}

/** The body with which OpenTelemetry's exporters for Node send these log records. */
export function exportedLogs(encoding: Encoding, logs: readonly Given[]): Uint8Array {
  const serializer = encoding === 'json' ? JsonLogsSerializer : ProtobufLogsSerializer
  return bodyOf(
    serializer,
    logs.map((log) => ({ ...logDefaults, ...log })),
  )
}

/** The same of these metrics, as the SDK collects them. */
export function exportedMetrics(encoding: Encoding, metrics: readonly Given[]): Uint8Array {
  const serializer = encoding === 'json' ? JsonMetricsSerializer : ProtobufMetricsSerializer
  const scopeMetrics = [{ scope: origin.instrumentationScope, metrics }]
  return bodyOf(serializer, { resource: origin.resource, scopeMetrics })
}

/** The same of these spans. */
export function exportedSpans(encoding: Encoding, spans: readonly Given[]): Uint8Array {
  const serializer = encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer
  return bodyOf(
    serializer,
    spans.map((span) => ({ ...spanDefaults, ...span })),
  )
}

interface Serializer {
  serializeRequest(request: never): Uint8Array | undefined
}

function bodyOf(serializer: Serializer, request: unknown): Uint8Array {
  const body = serializer.serializeRequest(request as never)
  if (!body) throw new Error('expected a body')
  return body
}
