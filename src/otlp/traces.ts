import type { EventRecord, Parsed, Value } from '../plugin/index.js'
import { all, each, fixed32, fixed64, hex, int32, message, one, type Read, string, uint32 } from '../protobuf/index.js'
import { attributesOf, keyValue, resource, scope } from './common.js'
import { eventOf, recordOf, resourceOf, scopeOf, timeOf, timeText } from './records.js'

/** opentelemetry/proto/trace/v1/trace.proto: Span.Event, Span.Link, Status and Span. */
const spanEvent = message('Event', {
  timeUnixNano: one(1, fixed64),
  name: one(2, string),
  attributes: all(3, () => keyValue),
})

const link = message('Link', {
  traceId: one(1, hex),
  spanId: one(2, hex),
  traceState: one(3, string),
  attributes: all(4, () => keyValue),
})

const status = message('Status', { message: one(2, string), code: one(3, int32) })

const span = message('Span', {
  traceId: one(1, hex),
  spanId: one(2, hex),
  traceState: one(3, string),
  parentSpanId: one(4, hex),
  name: one(5, string),
  kind: one(6, int32),
  startTimeUnixNano: one(7, fixed64),
  endTimeUnixNano: one(8, fixed64),
  attributes: all(9, () => keyValue),
  droppedAttributesCount: one(10, uint32),
  events: all(11, () => spanEvent),
  links: all(13, () => link),
  status: one(15, () => status),
  flags: one(16, fixed32),
})

const scopeSpans = message('ScopeSpans', { scope: one(1, () => scope), spans: each(2, () => span) })
const resourceSpans = message('ResourceSpans', {
  resource: one(1, () => resource),
  scopeSpans: each(2, () => scopeSpans),
})

/** opentelemetry/proto/collector/trace/v1/trace_service.proto: ExportTraceServiceRequest. */
export const tracesRequest = message('ExportTraceServiceRequest', { resourceSpans: each(1, () => resourceSpans) })

/** Span.SpanKind and Status.StatusCode; 0 is not specified. */
const kinds = [undefined, 'internal', 'server', 'client', 'producer', 'consumer']
const codes = [undefined, 'ok', 'error']

/** One event a span, at its start. */
export function* spanEvents(request: Read<typeof tracesRequest>): Generator<Parsed> {
  for (const ofResource of request.resourceSpans) {
    const from = resourceOf(ofResource.resource)
    for (const ofScope of ofResource.scopeSpans) {
      const origin = { resource: from, scope: scopeOf(ofScope.scope) }
      for (const read of ofScope.spans) yield eventOf(spanFields(read, origin), timeOf(read.startTimeUnixNano))
    }
  }
}

function spanFields(read: Read<typeof span>, origin: EventRecord): EventRecord {
  return recordOf({
    name: read.name,
    kind: kinds[read.kind ?? 0],
    trace_id: read.traceId,
    span_id: read.spanId,
    parent_span_id: read.parentSpanId,
    trace_state: read.traceState,
    end_time: timeText(read.endTimeUnixNano),
    status: recordOf({ code: codes[read.status?.code ?? 0], message: read.status?.message }),
    attributes: attributesOf(read.attributes),
    dropped_attributes_count: read.droppedAttributesCount || undefined,
    events: read.events.map(eventFields),
    links: read.links.map(linkFields),
    flags: read.flags || undefined,
    ...origin,
  })
}

function eventFields({ name, timeUnixNano, attributes }: Read<typeof spanEvent>): Value {
  return recordOf({ name, time: timeText(timeUnixNano), attributes: attributesOf(attributes) })
}

function linkFields({ traceId, spanId, traceState, attributes }: Read<typeof link>): Value {
  return recordOf({
    trace_id: traceId,
    span_id: spanId,
    trace_state: traceState,
    attributes: attributesOf(attributes),
  })
}
