import {
  type EncodedEvents,
  type EventRecord,
  type Formatter,
  isRecord,
  readEvents,
  toJson,
  toMilliseconds,
  type Value,
} from 'sluice/plugin'
import { toWire } from 'sluice/protobuf'
import { dataTypes, payload, valueFields, typeOfValue } from 'sluice/sparkplug'

/** All events in one payload: their fields as metrics with name, type and time. It has no sequence number: that is an edge node's. */
export const sparkplugFormatter: Formatter = {
  contentType: 'application/x-protobuf',
  format: (chunks) => toWire(payload, { metrics: metricsOf(chunks) }),
}

function* metricsOf(chunks: readonly EncodedEvents[]) {
  for (const chunk of chunks) {
    for (const { time, record } of readEvents(chunk)) yield* recordMetrics(record, '', Math.floor(toMilliseconds(time)))
  }
}

function* recordMetrics(record: EventRecord, prefix: string, timestamp: number): Generator<object, void> {
  for (const [key, field] of Object.entries(record)) {
    const name = prefix + key
    if (isRecord(field)) yield* recordMetrics(field, `${name}/`, timestamp)
    else yield metricOf(name, Array.isArray(field) ? toJson(field) : field, timestamp)
  }
}

function metricOf(name: string, value: Value, timestamp: number) {
  const type = typeOfValue(value)
  if (type === undefined) return { name, timestamp, datatype: dataTypes.String, isNull: true }
  return { name, timestamp, datatype: dataTypes[type], ...valueFields(type, value) }
}
