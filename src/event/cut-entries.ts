import { skipValue } from './entry-skipper.js'
import type { EncodedEvents } from './event.js'

/** The events from `start` up to `end`, counted from zero; their bytes are shared, not copied. */
export function cutEntries({ tag, entries }: EncodedEvents, start: number, end: number): EncodedEvents {
  const from = skipEntries(entries, 0, start)
  return { tag, entries: entries.subarray(from, skipEntries(entries, from, end - start)), count: end - start }
}

/** Where the entries end that are `count` from `at` on. */
export function skipEntries(entries: Uint8Array, at: number, count: number): number {
  let end = at
  for (let skipped = 0; skipped < count; skipped++) end = skipValue(entries, end)
  return end
}
