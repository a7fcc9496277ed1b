import type { EventRecord, Parsed } from '../plugin/index.js'
import { all, each, fixed32, fixed64, hex, int32, message, one, type Read, string, uint32 } from '../protobuf/index.js'
import { anyValue, attributesOf, keyValue, resource, scope, valueOf } from './common.js'
import { eventOf, recordOf, resourceOf, scopeOf, timeOf, timeText } from './records.js'

/** opentelemetry/proto/logs/v1/logs.proto: LogRecord. */
export const logRecord = message('LogRecord', {
  timeUnixNano: one(1, fixed64),
  severityNumber: one(2, int32),
  severityText: one(3, string),
  body: one(5, () => anyValue),
  attributes: all(6, () => keyValue),
  droppedAttributesCount: one(7, uint32),
  flags: one(8, fixed32),
  traceId: one(9, hex),
  spanId: one(10, hex),
  observedTimeUnixNano: one(11, fixed64),
  eventName: one(12, string),
})

const scopeLogs = message('ScopeLogs', { scope: one(1, () => scope), logRecords: each(2, () => logRecord) })
const resourceLogs = message('ResourceLogs', { resource: one(1, () => resource), scopeLogs: each(2, () => scopeLogs) })

/** opentelemetry/proto/collector/logs/v1/logs_service.proto: ExportLogsServiceRequest. */
export const logsRequest = message('ExportLogsServiceRequest', { resourceLogs: each(1, () => resourceLogs) })

/** One event a LogRecord. */
export function* logEvents(request: Read<typeof logsRequest>): Generator<Parsed> {
  for (const ofResource of request.resourceLogs) {
    const from = resourceOf(ofResource.resource)
    for (const ofScope of ofResource.scopeLogs) {
      const origin = { resource: from, scope: scopeOf(ofScope.scope) }
      for (const log of ofScope.logRecords) {
        yield eventOf(logFields(log, origin), timeOf(log.timeUnixNano) ?? timeOf(log.observedTimeUnixNano))
      }
    }
  }
}

/** An empty body is kept: it was logged. */
function logFields(log: Read<typeof logRecord>, origin: EventRecord): EventRecord {
  const record = recordOf({
    severity_text: log.severityText,
    severity_number: log.severityNumber || undefined,
    event_name: log.eventName,
    attributes: attributesOf(log.attributes),
    dropped_attributes_count: log.droppedAttributesCount || undefined,
    trace_id: log.traceId,
    span_id: log.spanId,
    flags: log.flags || undefined,
    observed_time: timeText(log.observedTimeUnixNano),
    ...origin,
  })
  return log.body ? { body: valueOf(log.body), ...record } : record
}
