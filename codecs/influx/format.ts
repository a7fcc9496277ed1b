import {
  type Event,
  type EventRecord,
  fieldText,
  type Formatter,
  isRecord,
  readEvents,
  refuseBatch,
  type Value,
} from 'sluice/plugin'
import { escapeMeasurement, escapeName } from './names.js'
import { timestampText } from './timestamps.js'
import { quoted } from './values.js'

interface InfluxSettings {
  readonly unit: bigint
  readonly measurementKey: string
  readonly tagKeys: ReadonlySet<string>
}

/** The parts of a record, as it was parsed or as any input makes it. */
interface Parts {
  readonly tags: readonly (readonly [key: string, value: Value])[]
  readonly fields: readonly (readonly [key: string, value: Value])[]
  readonly types: EventRecord
}

/** One line for each event; one that has no field is refused. */
export function influxFormatter(settings: InfluxSettings): Formatter {
  return {
    contentType: 'text/plain; charset=utf-8',
    format(chunks, refuse = refuseBatch) {
      let lines = ''
      let index = 0
      for (const chunk of chunks) {
        for (const event of readEvents(chunk)) {
          const line = lineOf(event, settings)
          if (line === undefined) refuse(index, 'no field')
          else lines += line
          index++
        }
      }
      return Buffer.from(lines)
    },
  }
}

function lineOf({ tag, time, record }: Event, settings: InfluxSettings): string | undefined {
  const { tags, fields, types } = partsOf(record, settings)
  const values = fields.flatMap(([key, value]) => pair(key, valueText(value, types[key])))
  if (values.length === 0) return undefined
  const measurement = escapeMeasurement(fieldText(record[settings.measurementKey] ?? '') || tag) || '_'
  const head = [measurement, ...tags.flatMap(([key, value]) => pair(key, escapeName(fieldText(value))))].join(',')
  return `${head} ${values.join(',')} ${timestampText(time, settings.unit)}\n`
}

function partsOf(record: EventRecord, { measurementKey, tagKeys }: InfluxSettings): Parts {
  const { tags, fields, types } = record
  if (isRecord(fields)) {
    const tagged = isRecord(tags) ? Object.entries(tags) : []
    return { tags: tagged, fields: Object.entries(fields), types: isRecord(types) ? types : {} }
  }
  const others = Object.entries(record).filter(([key]) => key !== measurementKey)
  const isTag = ([key]: readonly [string, Value]): boolean => tagKeys.has(key)
  return { tags: others.filter(isTag), fields: others.filter((entry) => !isTag(entry)), types: {} }
}

/** Nothing where the protocol has no such key or value: both must have a character at least. */
function pair(key: string, value: string | undefined): string[] {
  return key === '' || value === undefined || value === '' ? [] : [`${escapeName(key)}=${value}`]
}

/**
 * A number is a float, so that a field whose value happens to be whole keeps its type; a bigint, which no float can hold, and a
 * number whose type is known, is an integer. Null and what is not finite have no text.
 */
function valueText(value: Value, type: Value | undefined): string | undefined {
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return `${value}${type === 'u' || BigInt.asIntN(64, value) !== value ? 'u' : 'i'}`
  if (typeof value === 'number') return numberText(value, type)
  return value === null ? undefined : quoted(fieldText(value))
}

function numberText(value: number, type: Value | undefined): string | undefined {
  if (!Number.isFinite(value)) return undefined
  return (type === 'i' || type === 'u') && Number.isSafeInteger(value) ? `${value}${type}` : String(value)
}
