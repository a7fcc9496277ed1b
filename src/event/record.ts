import type { Value } from './event.js'

/** Sets a field of a record in the making, whatever its name: assigning to `__proto__` would change the object instead. */
export function setField(record: Record<string, Value>, key: string, value: Value): void {
  if (key !== '__proto__') record[key] = value
  else Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
}
