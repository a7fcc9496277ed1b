import { valueText } from './accessor.js'
import type { EventRecord, Value } from './event.js'

/** Any value as the text of one field: null is empty, maps and lists are JSON, what JSON has no word for is text there. */
export function fieldText(value: Value): string {
  if (value === null) return ''
  return valueText(value) ?? jsonText(value)
}

function jsonText(value: Value): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  const text = valueText(value)
  if (text === undefined) return objectText(value as EventRecord)
  const isWord = typeof value === 'boolean' || typeof value === 'bigint' || Number.isFinite(value)
  return isWord ? text : JSON.stringify(text)
}

function objectText(record: EventRecord): string {
  const fields = Object.entries(record).map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`)
  return `{${fields.join(',')}}`
}
