import { AgentError, type Parsed, setField, type Value } from 'sluice/plugin'
import { decode } from './decode.js'

const ampersand = 0x26
const equals = 0x3d

/**
 * One record of a form (URL Standard, "application/x-www-form-urlencoded parsing"). A name without an equals sign has an empty value;
 * the values of a name that comes more than once are a list.
 */
export function parseForm(frame: Uint8Array, maxFields: number): readonly Parsed[] {
  const values = new Map<string, string | string[]>()
  let count = 0
  for (const field of fieldsIn(frame)) {
    if (++count > maxFields) throw tooMany(maxFields)
    add(values, field)
  }
  if (count === 0) return []
  const record: Record<string, Value> = {}
  for (const [name, value] of values) setField(record, name, value)
  return [{ record }]
}

function* fieldsIn(form: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < form.length;) {
    const found = form.indexOf(ampersand, start)
    const end = found < 0 ? form.length : found
    if (end > start) yield form.subarray(start, end)
    start = end + 1
  }
}

function add(values: Map<string, string | string[]>, field: Uint8Array): void {
  const found = field.indexOf(equals)
  const end = found < 0 ? field.length : found
  const name = decode(field.subarray(0, end))
  const value = decode(field.subarray(end + 1))
  const before = values.get(name)
  if (Array.isArray(before)) before.push(value)
  else values.set(name, before === undefined ? value : [before, value])
}

function tooMany(most: number): AgentError {
  return new AgentError('CODEC_FORM_FIELDS', `form: expected at most ${most} fields, got more; set max_fields`)
}
