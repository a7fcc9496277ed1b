import type { EventRecord, Value } from './event.js'

/** Sets a field of a record in the making, whatever its name: assigning to `__proto__` would change the object instead. */
export function setField(record: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') record[key] = value
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Whether a value is a map, not a list, bytes or one of the plain ones. */
export function isRecord(value: Value | undefined): value is EventRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}
