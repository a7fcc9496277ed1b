import {
  compileTemplate,
  type Event,
  type EventRecord,
  fieldText,
  type Formatter,
  isRecord,
  refuseBatch,
  type Template,
  type Value,
  writeEach,
} from 'sluice/plugin'
import { escapeMeasurement, escapeName } from './names.js'
import { timestampText } from './timestamps.js'
import { quoted } from './values.js'

export interface InfluxSettings {
  /** Nanoseconds of one count of a timestamp. */
  readonly unit: bigint
  readonly measurementKey: string
  /** Template of the measurement of records that have no such field. */
  readonly measurement: string
  readonly tagKeys: ReadonlySet<string>
  /** All texts of a flat record are tags. */
  readonly autoTags: boolean
  /** Tag that tells points of one time apart. */
  readonly sequenceTag: string | undefined
}

/** What is made of the settings once. */
interface Writing extends InfluxSettings {
  readonly measurementOf: Template
}

/** The parts of a record, as it was parsed or as any input makes it. */
interface Parts {
  readonly tags: readonly (readonly [key: string, value: Value])[]
  readonly fields: readonly (readonly [key: string, value: Value])[]
  readonly types: EventRecord
}

/** One line for each event; one that has no field is refused. */
export function influxFormatter(settings: InfluxSettings): Formatter {
  const writing: Writing = { ...settings, measurementOf: compileTemplate(settings.measurement) }
  return {
    contentType: 'text/plain; charset=utf-8',
    format(chunks, refuse = refuseBatch) {
      const sequence = new Sequence(settings.sequenceTag)
      let lines = ''
      writeEach(chunks, refuse, (event) => {
        const line = lineOf(event, writing, sequence)
        lines += line ?? ''
        return line === undefined ? 'no field' : undefined
      })
      return Buffer.from(lines)
    },
  }
}

/** Numbers neighbours of one time from 0, the same for every retry: without it the last of them alone would be kept. */
class Sequence {
  readonly #tag: string | undefined
  #last = ''
  #next = 0

  constructor(tag: string | undefined) {
    this.#tag = tag
  }

  tagAt(timestamp: string): string[] {
    if (this.#tag === undefined) return []
    this.#next = timestamp === this.#last ? this.#next + 1 : 0
    this.#last = timestamp
    return pair(this.#tag, String(this.#next))
  }
}

function lineOf(event: Event, writing: Writing, sequence: Sequence): string | undefined {
  const { record } = event
  const { tags, fields, types } = partsOf(record, writing)
  const values = fields.flatMap(([key, value]) => pair(key, valueText(value, types[key])))
  if (values.length === 0) return undefined
  const timestamp = timestampText(event.time, writing.unit)
  const own = fieldText(record[writing.measurementKey] ?? '')
  const measurement = escapeMeasurement(own || writing.measurementOf(event)) || '_'
  const written = tags.flatMap(([key, value]) => pair(key, escapeName(fieldText(value))))
  return `${[measurement, ...sequence.tagAt(timestamp), ...written].join(',')} ${values.join(',')} ${timestamp}\n`
}

function partsOf(record: EventRecord, { measurementKey, tagKeys, autoTags }: InfluxSettings): Parts {
  const { tags, fields, types } = record
  if (isRecord(fields)) {
    const tagged = isRecord(tags) ? Object.entries(tags) : []
    return { tags: tagged, fields: Object.entries(fields), types: isRecord(types) ? types : {} }
  }
  const others = Object.entries(record).filter(([key]) => key !== measurementKey)
  const isTag = ([key, value]: readonly [string, Value]): boolean =>
    tagKeys.has(key) || (autoTags && typeof value === 'string')
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
