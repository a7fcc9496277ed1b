import { hostname } from 'node:os'
import {
  dateText,
  type Event,
  fieldText,
  type Formatter,
  isRecord,
  readEvents,
  setField,
  toJson,
  type Value,
} from 'sluice/plugin'
import { levelOf } from './levels.js'

export interface GelfSettings {
  /** Undefined for that of this machine. */
  readonly host: string | undefined
  readonly hostKey: string
  /** The first of them that has text is the message. */
  readonly shortMessageKeys: readonly string[]
  readonly fullMessageKey: string
  readonly levelKey: string
  readonly tagKey: string | undefined
}

/** Messages of GELF 1.1, one a line (Graylog, "GELF Payload Specification"). */
export function gelfFormatter(settings: GelfSettings): Formatter {
  return {
    contentType: 'application/json',
    format(chunks) {
      let lines = ''
      const host = settings.host ?? hostname()
      for (const chunk of chunks) for (const event of readEvents(chunk)) lines += messageText(event, settings, host)
      return Buffer.from(lines)
    },
  }
}

function messageText({ tag, time, record }: Event, settings: GelfSettings, host: string): string {
  const message: Record<string, Value> = { version: '1.1' }
  const rest = new Map(Object.entries(record))
  message['host'] = taken(rest, [settings.hostKey]) ?? host
  message['short_message'] = taken(rest, settings.shortMessageKeys) ?? toJson(record)
  const full = taken(rest, [settings.fullMessageKey])
  if (full !== undefined) message['full_message'] = full
  const level = levelOf(rest.get(settings.levelKey))
  if (level !== undefined) {
    message['level'] = level
    rest.delete(settings.levelKey)
  }
  if (settings.tagKey !== undefined) addField(message, settings.tagKey, tag)
  for (const [key, value] of rest) addField(message, key, value)
  // The time is a number of more digits than a double has.
  return `{"timestamp":${dateText(time, 'double')},${toJson(message).slice(1)}\n`
}

/** The first of these fields that has text, which then is none of the others. */
function taken(rest: Map<string, Value>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = rest.get(key)
    if (typeof value !== 'string' || value === '') continue
    rest.delete(key)
    return value
  }
  return undefined
}

/** Additional fields hold a text or a number each; those of a map have its name in front. Of two of one name the first counts. */
function addField(message: Record<string, Value>, key: string, value: Value): void {
  if (isRecord(value)) {
    for (const [inner, each] of Object.entries(value)) addField(message, `${key}_${inner}`, each)
    return
  }
  const name = fieldName(key)
  const written = fieldValue(value)
  if (written !== undefined && !Object.hasOwn(message, name)) setField(message, name, written)
}

/** `_[\w.-]+`, but `_id` (the same page, "Additional field"). */
function fieldName(key: string): string {
  const plain = key.replaceAll(/[^\w.-]/g, '_')
  return plain === 'id' ? '__id' : `_${plain}`
}

function fieldValue(value: Value): Value | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (value === null || typeof value === 'bigint') return value ?? undefined
  return fieldText(value)
}
