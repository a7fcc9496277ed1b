import { valueText } from './accessor.js'
import type { Value } from './event.js'
import { toJson } from './json-writer.js'

/** Any value as the text of one field: null is empty, maps and lists are JSON, bytes are base64 as they are there. */
export function fieldText(value: Value): string {
  if (value === null) return ''
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')
  return valueText(value) ?? toJson(value)
}
