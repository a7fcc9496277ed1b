import { skipValue } from 'sluice/plugin'

/** How an entry begins that has `[time, metadata]` where others have their time. */
const pairInPair = Buffer.of(0x92, 0x92)

/**
 * The same entries as `[time, record]` alone. Fluent Bit puts metadata beside the time, `[[time, metadata], record]`, which
 * Fluentd before 1.20 throws away with a warning. What has none is not copied, and not looked at entry by entry.
 */
export function withoutMetadata(entries: Uint8Array): Uint8Array {
  const bytes = Buffer.from(entries.buffer, entries.byteOffset, entries.length)
  if (!mayHaveMetadata(bytes)) return entries
  const kept: Uint8Array[] = []
  let from = 0
  for (let start = 0; start < entries.length; start = skipValue(entries, start)) {
    if (entries[start] !== 0x92 || entries[start + 1] !== 0x92) continue
    const timeEnd = skipValue(entries, start + 2)
    // The outer header stands already; the inner one and the metadata are left out.
    kept.push(entries.subarray(from, start + 1), entries.subarray(start + 2, timeEnd))
    from = skipValue(entries, timeEnd)
  }
  return kept.length === 0 ? entries : Buffer.concat([...kept, entries.subarray(from)])
}

/** False only where there is none for sure: such bytes stand also where an entry ends with one of them. */
function mayHaveMetadata(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(pairInPair); at >= 0; at = bytes.indexOf(pairInPair, at + 1)) {
    if (twoMapsFollow(bytes, at + pairInPair.length)) return true
  }
  return false
}

/** A time, metadata and a record; behind the time and the record of a plain entry comes the next one, which is no map. */
function twoMapsFollow(bytes: Uint8Array, time: number): boolean {
  try {
    const map = skipValue(bytes, time)
    return isMap(bytes[map]) && isMap(bytes[skipValue(bytes, map)])
  } catch {
    return true // it ends within a value: no place for a verdict
  }
}

/** MessagePack specification, "map format family". */
function isMap(first = 0): boolean {
  return (first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf
}
