import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'

export const encodings = ['protobuf', 'json'] as const

export type Encoding = (typeof encodings)[number]
/** Seconds and nanoseconds, as OpenTelemetry's programs have it. */
type HrTime = readonly [seconds: number, nanoseconds: number]
export type Given = { readonly [field: string]: unknown }

/** What writes requests and reads the answers to them. */
export const serializers = {
  logs: { json: JsonLogsSerializer, protobuf: ProtobufLogsSerializer },
  metrics: { json: JsonMetricsSerializer, protobuf: ProtobufMetricsSerializer },
  traces: { json: JsonTraceSerializer, protobuf: ProtobufTraceSerializer },
} as const

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
  return bodyOf(
    serializers.logs[encoding],
    logs.map((log) => ({ ...logDefaults, ...log })),
  )
}

/** The same of these metrics, as the SDK collects them. */
export function exportedMetrics(encoding: Encoding, metrics: readonly Given[]): Uint8Array {
  const scopeMetrics = [{ scope: origin.instrumentationScope, metrics }]
  return bodyOf(serializers.metrics[encoding], { resource: origin.resource, scopeMetrics })
}

/** The same of these spans. */
export function exportedSpans(encoding: Encoding, spans: readonly Given[]): Uint8Array {
  return bodyOf(
    serializers.traces[encoding],
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
