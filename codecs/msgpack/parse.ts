import {
  AgentError,
  type EventRecord,
  numberEvents,
  type Parsed,
  readEvents,
  readValue,
  skipValue,
} from 'sluice/plugin'

/**
 * Records, `[time, record]` and `[[time, metadata], record]`, one behind the other, or a list of them; a frame of a stream holds
 * one of these. Throws a ParseError at the first that is none.
 */
export function parseMsgpack(frame: Uint8Array): readonly Parsed[] {
  return [...numberEvents(parsedIn(frame))]
}

function* parsedIn(frame: Uint8Array): Iterable<Parsed> {
  for (let at = 0; at < frame.length;) {
    const first = frame[at] ?? 0
    if (!isMap(first) && !isArray(first)) throw noRecord(first)
    if (isArray(first) && !isList(frame, at)) return yield* eventsIn(frame.subarray(at))
    const end = skipValue(frame, at)
    if (isArray(first)) yield* parsedIn(frame.subarray(at + headerBytes(first), end))
    else yield recordAt(frame, at)
    at = end
  }
}

function eventsIn(entries: Uint8Array): Iterable<Parsed> {
  return readEvents({ tag: '', entries, count: 0 })
}

function recordAt(frame: Uint8Array, at: number): Parsed {
  return { record: readValue(frame, at).value as EventRecord }
}

/** Not a time and a record: it has other than two elements, or begins with a record, or its second is none. */
function isList(frame: Uint8Array, at: number): boolean {
  const inside = at + headerBytes(frame[at] ?? 0)
  const end = skipValue(frame, at)
  if (inside === end || isMap(frame[inside] ?? 0)) return true
  const second = skipValue(frame, inside)
  return isArray(frame[inside] ?? 0) && !(second < end && isMap(frame[second] ?? 0) && skipValue(frame, second) === end)
}

const isMap = (first: number): boolean => (first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf
const isArray = (first: number): boolean => (first >= 0x90 && first < 0xa0) || first === 0xdc || first === 0xdd

/** Of an array (MessagePack specification, "array format family"). */
function headerBytes(first: number): number {
  if (first < 0xa0) return 1
  return first === 0xdc ? 3 : 5
}

function noRecord(first: number): AgentError {
  const got = `0x${first.toString(16).padStart(2, '0')}`
  return new AgentError('CODEC_MSGPACK', `msgpack: expected a map, or an array of a time and a map, got ${got}`)
}
