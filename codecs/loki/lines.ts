import {
  compileTemplate,
  type Event,
  type EventRecord,
  fieldText,
  isRecord,
  type Template,
  toJson,
  type Value,
} from 'sluice/plugin'

type Pairs = readonly (readonly [name: string, value: string])[]

/** What of an event Loki is told. */
export interface Line {
  /** In the order of their names. */
  readonly labels: Pairs
  readonly line: string
  readonly metadata: Pairs
}

/** Log lines that share their labels, in the order of their events. */
export interface Stream {
  readonly labels: Line['labels']
  readonly entries: Entry[]
}

export type Entry = Pick<Line, 'line' | 'metadata'> & Pick<Event, 'time'>

export interface LineSettings {
  /** Name of each label → template of its value; the same for structured metadata. */
  readonly labels: { readonly [name: string]: string }
  readonly metadata: { readonly [name: string]: string }
  /** Fields that become labels by their own names, and leave the line. */
  readonly labelKeys: readonly string[]
  /** Fields that leave the line. */
  readonly removeKeys: readonly string[]
  readonly lineFormat: 'json' | 'key_value'
  /** A line of one field alone is its value. */
  readonly dropSingleKey: boolean
}

/** A record that this codec read is the line, the labels and the metadata that it was; any other makes its line of its fields. */
export function lineReader(settings: LineSettings): (event: Event) => Line {
  const labelsOf = pairsReader(Object.entries(settings.labels).map(cleaned))
  const metadataOf = pairsReader(Object.entries(settings.metadata))
  const removed = new Set([...settings.labelKeys, ...settings.removeKeys])
  return (event) => {
    const { record } = event
    const isRead = isLine(record)
    const taken = isRead ? record.labels : pick(record, settings.labelKeys)
    return {
      labels: labelled(merged(textPairs(taken).map(cleaned), labelsOf(event))),
      line: isRead ? record.log : lineText(without(record, removed), settings),
      metadata: merged(isRead ? textPairs(record.structured_metadata ?? {}) : [], metadataOf(event)),
    }
  }
}

interface ReadLine {
  readonly log: string
  readonly labels: EventRecord
  readonly structured_metadata?: EventRecord
}

/** Nothing but what this codec puts into a record. */
function isLine(record: EventRecord): record is EventRecord & ReadLine {
  const { log, labels, structured_metadata: metadata, ...others } = record
  const isWhole = typeof log === 'string' && isRecord(labels) && Object.keys(others).length === 0
  return isWhole && (metadata === undefined || isRecord(metadata))
}

function lineText(fields: EventRecord, { lineFormat, dropSingleKey }: LineSettings): string {
  const [only, ...others] = Object.values(fields)
  if (dropSingleKey && only !== undefined && others.length === 0) return fieldText(only)
  if (lineFormat === 'json') return toJson(fields)
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? JSON.stringify(value) : toJson(value)}`)
    .join(' ')
}

function pairsReader(templates: Pairs): (event: Event) => Pairs {
  const compiled: (readonly [string, Template])[] = templates.map(([name, text]) => [name, compileTemplate(text)])
  return (event) => compiled.map(([name, of]) => [name, of(event)])
}

/** Those that say something; of several of one name the first. */
function merged(...lists: readonly Pairs[]): Pairs {
  const pairs = new Map<string, string>()
  for (const [name, value] of lists.flat()) {
    if (name !== '' && value !== '' && !pairs.has(name)) pairs.set(name, value)
  }
  return [...pairs]
}

/** Loki takes no stream without a label. */
function labelled(labels: Pairs): Pairs {
  return labels.length === 0 ? [['job', 'sluice']] : labels.toSorted(byName)
}

/** `[a-zA-Z_][a-zA-Z0-9_]*` (Grafana Loki, "Label format"); anything else becomes an underscore. */
function cleaned([name, value]: Pairs[number]): Pairs[number] {
  const plain = name.replaceAll(/\W/g, '_')
  return [/^\d/.test(plain) ? `_${plain}` : plain, value]
}

function byName([one]: Pairs[number], [other]: Pairs[number]): number {
  return one < other ? -1 : 1
}

function textPairs(fields: EventRecord): Pairs {
  return Object.entries(fields).map(([name, value]) => [name, fieldText(value)])
}

function pick(record: EventRecord, keys: readonly string[]): EventRecord {
  return Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(record, key) ? [[key, record[key] as Value]] : [])))
}

function without(record: EventRecord, keys: ReadonlySet<string>): EventRecord {
  if (keys.size === 0) return record
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.has(key)))
}
