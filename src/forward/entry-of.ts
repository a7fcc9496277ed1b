import { skipValue } from '../event/entry-skipper.js'
import { EntryWriter } from '../event/entry-writer.js'
import type { EventTime } from '../event/event-time.js'

const pair = Buffer.of(0x92)
const nothing = Buffer.alloc(0)

/**
 * The entry of a message that has one event: `[time, record]`, or `[[time, metadata], record]` as Fluent Bit has it. Time and
 * record stand side by side in the message. As in Fluentd, null or 0 for a time is now.
 */
export function entryOf(event: Uint8Array, metadata: Uint8Array | undefined, now: () => EventTime): Uint8Array {
  const recordAt = skipValue(event, 0)
  const isNow = event[0] === 0xc0 || event[0] === 0x00
  const time = isNow ? timeBytes(now()) : event.subarray(0, recordAt)
  return Buffer.concat([pair, metadata ? pair : nothing, time, metadata ?? nothing, event.subarray(recordAt)])
}

function timeBytes({ seconds, nanoseconds }: EventTime): Uint8Array {
  const writer = new EntryWriter(16)
  writer.writeEntryHeader(seconds, nanoseconds)
  return writer.take().subarray(pair.length)
}
