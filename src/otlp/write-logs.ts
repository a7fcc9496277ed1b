import { compileTemplate, type EventRecord, isRecord, type Value } from '../plugin/index.js'
import type { Draft, Read } from '../protobuf/index.js'
import { anyDraft, attributeDrafts, filled, type Gatherer, nanosOfText, Origins, textIn, unixNano } from './drafts.js'
import type { logRecord, logsRequest } from './logs.js'

export interface LogSettings {
  /** Field that is the body, so that all others are attributes; undefined where the whole record is. */
  readonly bodyKey: string | undefined
  readonly severityKey: string | undefined
  /** Name → template, of records that have no resource. */
  readonly resource: { readonly [name: string]: string }
}

type Log = Draft<Read<typeof logRecord>>

const isText = (value: Value): boolean => typeof value === 'string'
const isCount = (value: Value): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32
const isHex = (size: number) => (value: Value) =>
  typeof value === 'string' && value.length === size && /^[\da-f]*$/i.test(value)

/** The fields that are made of a LogRecord when it is read, and what each holds. */
const fits: { readonly [field: string]: (value: Value) => boolean } = {
  body: () => true,
  severity_text: isText,
  severity_number: isCount,
  event_name: isText,
  attributes: isRecord,
  dropped_attributes_count: isCount,
  trace_id: isHex(32),
  span_id: isHex(16),
  flags: isCount,
  observed_time: (value) => nanosOfText(value) !== undefined,
  resource: isRecord,
  scope: isRecord,
}

/** SeverityNumber of logs.proto, of the words of OpenTelemetry and of syslog (OpenTelemetry, "Logs Data Model", appendix B). */
const severities = new Map(
  Object.entries({
    trace: 1,
    debug: 5,
    info: 9,
    informational: 9,
    notice: 10,
    warn: 13,
    warning: 13,
    err: 17,
    error: 17,
  }).concat(Object.entries({ crit: 18, critical: 18, alert: 19, fatal: 21, emerg: 21, emergency: 21, panic: 21 })),
)

/** Gathers log records for one request. */
export function logGatherer(settings: LogSettings): () => Gatherer<Read<typeof logsRequest>> {
  const resource = Object.entries(settings.resource).map(([name, text]) => [name, compileTemplate(text)] as const)
  return () => {
    const origins = new Origins<Log>()
    return {
      add(event) {
        const own = isLog(event.record) ? event.record : undefined
        const from = own?.['resource'] ?? filled(resource, event)
        const time = { timeUnixNano: unixNano(event.time) }
        const log = own ? readLog(own) : madeLog(event.record, settings)
        origins.itemsOf(isRecord(from) ? from : {}, own?.['scope']).push({ ...time, ...log })
        return undefined
      },
      request: () => ({
        resourceLogs: origins.drafts((of, scopes) => ({
          resource: of,
          scopeLogs: scopes.map(({ scope, items }) => ({ scope, logRecords: items })),
        })),
      }),
    }
  }
}

function isLog(record: EventRecord): boolean {
  return Object.entries(record).every(([name, value]) => Object.hasOwn(fits, name) && fits[name]?.(value))
}

function readLog(record: EventRecord): Log {
  return {
    severityText: textIn(record['severity_text']),
    severityNumber: record['severity_number'] as number | undefined,
    eventName: textIn(record['event_name']),
    ...('body' in record ? { body: anyDraft(record['body'] ?? null) } : {}),
    attributes: attributeDrafts(record['attributes']),
    droppedAttributesCount: record['dropped_attributes_count'] as number | undefined,
    traceId: textIn(record['trace_id']),
    spanId: textIn(record['span_id']),
    flags: record['flags'] as number | undefined,
    observedTimeUnixNano: nanosOfText(record['observed_time']),
  }
}

function madeLog(record: EventRecord, { bodyKey, severityKey }: LogSettings): Log {
  const severity = severityKey === undefined ? undefined : record[severityKey]
  const said = { severityText: textIn(severity), severityNumber: severities.get(String(severity).toLowerCase()) }
  if (bodyKey === undefined || !Object.hasOwn(record, bodyKey)) return { ...said, body: anyDraft(record) }
  const { [bodyKey]: body = null, ...attributes } = record
  return { ...said, body: anyDraft(body), attributes: attributeDrafts(attributes) }
}
