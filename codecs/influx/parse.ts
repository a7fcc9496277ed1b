import { type EventRecord, type EventTime, type Parsed, setField, type Value } from 'sluice/plugin'
import { type Point, PointReader } from './point-reader.js'
import { readTimestamp } from './timestamps.js'

/** How a record is made of a point. */
export interface Shape {
  readonly flat: boolean
  readonly measurementKey: string
  readonly keepTypes: boolean
}

/**
 * Points, one a line, whose timestamps count `unit` nanoseconds. Throws a ParseError `CODEC_INFLUX` at the first one that is not
 * of the line protocol.
 */
export function* parsePoints(frame: Uint8Array, unit: bigint, shape: Shape): Generator<Parsed> {
  const reader = new PointReader(Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString())
  for (let point = reader.next(); point; point = reader.next()) {
    const time = timeOf(point, unit, reader)
    const record = shape.flat ? flatRecord(point, shape) : nestedRecord(point, shape)
    yield time ? { record, time } : { record }
  }
}

function timeOf({ timestamp }: Point, unit: bigint, reader: PointReader): EventTime | undefined {
  if (timestamp === '') return undefined
  const time = readTimestamp(timestamp, unit)
  if (time) return time
  throw reader.wrong('a timestamp between 1970 and 2106 in the stated precision', timestamp)
}

function nestedRecord({ measurement, tags, fields }: Point, { measurementKey, keepTypes }: Shape): EventRecord {
  const record: Record<string, Value> = {}
  setField(record, measurementKey, measurement)
  record['tags'] = mapOf(tags)
  const values: Record<string, Value> = {}
  for (const [key, { value }] of fields) setField(values, key, value)
  record['fields'] = values
  const types = keepTypes ? typesOf(fields) : {}
  if (Object.keys(types).length > 0) record['types'] = types
  return record
}

/** The letters of those that are integers. */
function typesOf(fields: Point['fields']): EventRecord {
  return mapOf([...fields].flatMap(([key, { type }]) => (type ? [[key, type] as const] : [])))
}

/** Where a tag has the name of a field it ends with `_1`, as in what InfluxDB answers to queries. */
function flatRecord({ measurement, tags, fields }: Point, { measurementKey }: Shape): EventRecord {
  const record: Record<string, Value> = {}
  const nameOf = (key: string): string => (key === measurementKey ? `${key}_1` : key)
  setField(record, measurementKey, measurement)
  for (const [key, value] of tags) setField(record, fields.has(key) ? `${key}_1` : nameOf(key), value)
  for (const [key, { value }] of fields) setField(record, nameOf(key), value)
  return record
}

function mapOf(entries: Iterable<readonly [key: string, value: Value]>): EventRecord {
  const map: Record<string, Value> = {}
  for (const [key, value] of entries) setField(map, key, value)
  return map
}
