import { skipValue } from 'sluice/plugin'

const arrayOf2 = 0x92
const fixext8 = 0xd7
const ext8 = 0xc7
const uint32 = 0xce

/**
 * The same entries with whole seconds for times, as Fluentd before 0.14 and its kin want them (Fluentd Forward Protocol
 * Specification v1, "EventTime Ext Format"). Times that are integers already stay.
 */
export function integerTimes(entries: Uint8Array): Uint8Array {
  const written = Buffer.allocUnsafe(entries.length)
  let length = 0
  for (let start = 0; start < entries.length; ) {
    const end = skipValue(entries, start)
    const seconds = secondsAt(entries, start + 1)
    let rest = start
    if (seconds >= 0) {
      written[length++] = arrayOf2
      written[length++] = uint32
      rest = seconds
    }
    written.set(entries.subarray(rest, seconds < 0 ? end : rest + 4), length)
    length += seconds < 0 ? end - rest : 4
    if (seconds >= 0) {
      written.set(entries.subarray(seconds + 8, end), length)
      length += end - seconds - 8
    }
    start = end
  }
  return written.subarray(0, length)
}

/** Where the seconds of an EventTime stand; -1 when there is none. */
function secondsAt(entries: Uint8Array, at: number): number {
  if (entries[at] === fixext8 && entries[at + 1] === 0) return at + 2
  if (entries[at] === ext8 && entries[at + 1] === 8 && entries[at + 2] === 0) return at + 3
  return -1
}
