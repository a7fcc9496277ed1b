import { type EventRecord, isRecord, toJson, type Value } from 'sluice/plugin'

/** One value of a metric. */
export interface Sample {
  readonly name: string
  readonly value: Value
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

/** The values of a record as samples: a field of a map is named by its path, with slashes; a list is text, in JSON. */
export function samplesOf(record: EventRecord, prefix: string, timestamp: number, into: Sample[] = []): Sample[] {
  for (const [key, value] of Object.entries(record)) {
    const name = prefix + key
    if (isRecord(value)) samplesOf(value, `${name}/`, timestamp, into)
    else into.push({ name, value: Array.isArray(value) ? toJson(value) : value, timestamp })
  }
  return into
}
