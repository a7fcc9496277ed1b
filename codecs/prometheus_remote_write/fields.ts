import type { EventRecord, Value } from 'sluice/plugin'

export type Fields = { readonly [name: string]: Value | undefined }

/** A record of the fields that are there. */
export function recordOf(fields: Fields): EventRecord {
  const record: Record<string, Value> = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) record[name] = value
  }
  return record
}
