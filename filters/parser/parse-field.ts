import {
  type Accessor,
  AgentError,
  type Event,
  type EventRecord,
  type Parsed,
  type Parser,
  type PluginContext,
  setField,
  type Value,
} from 'sluice/plugin'

interface ParserSettings {
  readonly key: string
  readonly read: Accessor
  readonly parsers: readonly Parser[]
  readonly preserveKey: boolean
  readonly reserveData: boolean
}

/** The events that the text of a field makes. An event whose text no parser takes passes as it is. */
export function parseField(
  event: Event,
  settings: ParserSettings,
  context: Pick<PluginContext, 'count'>,
): Event | readonly Event[] {
  const value = settings.read(event)
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return event
  const parsed = firstParsed(typeof value === 'string' ? Buffer.from(value) : value, settings.parsers)
  if (!parsed) {
    context.count('unparsed')
    return event
  }
  return parsed.map(({ record, time }) => ({
    tag: event.tag,
    time: time ?? event.time,
    record: withKept(record, event.record, settings),
  }))
}

/** Text without any record, such as an empty one, is as little parsed as text of another format. */
function firstParsed(text: Uint8Array, parsers: readonly Parser[]): readonly Parsed[] | undefined {
  for (const parser of parsers) {
    try {
      const parsed = [...parser.parse(text)]
      if (parsed.length > 0) return parsed
    } catch (error) {
      if (!(error instanceof AgentError)) throw error
    }
  }
  return undefined
}

/** What was parsed comes first, and where a kept field has its name, it stays. */
function withKept(parsed: EventRecord, original: EventRecord, settings: ParserSettings): EventRecord {
  const { key, preserveKey, reserveData } = settings
  if (!preserveKey && !reserveData) return parsed
  const record: Record<string, Value> = {}
  for (const [name, value] of Object.entries(parsed)) setField(record, name, value)
  const plainKey = key.startsWith('$') ? key.slice(1) : key
  for (const [name, value] of Object.entries(original)) {
    const kept = name === plainKey ? preserveKey : reserveData
    if (kept && !Object.hasOwn(record, name)) setField(record, name, value)
  }
  return record
}
