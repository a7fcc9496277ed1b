import { isUtf8 } from 'node:buffer'
import { ValueReader } from './value-reader.js'
import { entriesEnd } from '../event/entry-skipper.js'
import type { EventTime } from '../event/event-time.js'
import { entryOf } from './entry-of.js'
import { isArrayMark, isTextMark } from './marks.js'
import { type MessageOptions, readOptions } from './message-options.js'
import { Refusal } from './refusal.js'

/** One message, of whichever mode; its bytes are those of the message. */
export interface Message {
  readonly tag: string
  readonly entries: Uint8Array
  /** How many entries there are, all of them seen to be entries; undefined where nobody has looked at them yet. */
  readonly count: number | undefined
  readonly options: MessageOptions
}

/**
 * Fluentd Forward Protocol Specification v1, "Event Modes":
 *
 *     [tag, time, record, options?]         Message
 *     [tag, [entry, entry, …], options?]    Forward
 *     [tag, entries, options?]              PackedForward, CompressedPackedForward
 *
 * Throws a Refusal, or an AgentError `FORWARD_MESSAGE` or `EVENT_…`.
 */
export function readMessage(bytes: Uint8Array, now: () => EventTime): Message {
  const reader = new ValueReader(bytes)
  const elements = reader.arrayHeader()
  if (elements < 2) throw new Refusal('invalid_message', `message: expected 2 to 4 elements, got ${elements}`)
  const tag = readTag(reader)
  const first = reader.peek()
  if (isArrayMark(first)) return forward(reader, tag, elements)
  if (isTextMark(first))
    return { tag, entries: reader.text(), count: undefined, options: optionsAt(reader, elements, 2) }
  const timeAt = reader.at
  reader.value()
  if (elements < 3) throw new Refusal('invalid_message', 'message: expected a record behind the time, got the end')
  reader.value()
  const event = reader.bytes.subarray(timeAt, reader.at)
  const options = optionsAt(reader, elements, 3)
  return { tag, entries: entryOf(event, options.metadata, now), count: undefined, options }
}

/** The array of entries has them one behind the other, as a packed one has. */
function forward(reader: ValueReader, tag: string, elements: number): Message {
  const count = reader.arrayHeader()
  const start = reader.at
  reader.at = entriesEnd(reader.bytes, start, count)
  const entries = reader.bytes.subarray(start, reader.at)
  return { tag, entries, count, options: optionsAt(reader, elements, 2) }
}

function readTag(reader: ValueReader): string {
  const tag = reader.text()
  if (tag.length === 0) throw new Refusal('invalid_tag', 'tag: expected a text that is not empty')
  if (!isUtf8(tag)) throw new Refusal('invalid_tag', 'tag: expected a text in UTF-8')
  return tag.toString()
}

function optionsAt(reader: ValueReader, elements: number, place: number): MessageOptions {
  if (elements <= place) return {}
  if (elements > place + 1) {
    throw new Refusal('invalid_message', `message: expected ${place} or ${place + 1} elements, got ${elements}`)
  }
  return readOptions(reader)
}
