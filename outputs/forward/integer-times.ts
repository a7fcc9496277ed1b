import { skipValue } from 'sluice/plugin'

const arrayOf2 = 0x92
const fixext8 = 0xd7
const ext8 = 0xc7
const uint32 = 0xce

/**
 * The same entries with whole seconds for times, as Fluentd before 0.14 wants them (Fluentd Forward Protocol Specification
 * v1, "EventTime Ext Format"). Times that are integers already stay.
 */
export function integerTimes(entries: Uint8Array): Uint8Array {
  const written = Buffer.allocUnsafe(entries.length)
  let length = 0
  for (let start = 0; start < entries.length;) {
    const end = skipValue(entries, start)
    const time = eventTimeAt(entries, start)
    if (time < 0) {
      written.set(entries.subarray(start, end), length)
      length += end - start
    } else {
      written[length] = arrayOf2
      written[length + 1] = uint32
      written.set(entries.subarray(time, time + 4), length + 2)
      written.set(entries.subarray(time + 8, end), length + 6)
      length += end - time - 2
    }
    start = end
  }
  return written.subarray(0, length)
}

/** Where the eight bytes of an entry's EventTime stand, seconds first; -1 when it has none. */
function eventTimeAt(entries: Uint8Array, start: number): number {
  if (entries[start] !== arrayOf2) return -1
  if (entries[start + 1] === fixext8 && entries[start + 2] === 0) return start + 3
  if (entries[start + 1] === ext8 && entries[start + 2] === 8 && entries[start + 3] === 0) return start + 4
  return -1
}
