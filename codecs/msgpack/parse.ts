import { AgentError, type EventRecord, type Parsed, readEvents, readValue } from 'sluice/plugin'

/** Records, `[time, record]` and `[[time, metadata], record]`, one behind the other; a frame of a stream holds one. */
export function parseMsgpack(frame: Uint8Array): readonly Parsed[] {
  const parsed: Parsed[] = []
  for (let at = 0; at < frame.length;) {
    const first = frame[at] ?? 0
    if (!isMap(first) && !isArray(first)) throw noRecord(first)
    if (isArray(first)) return [...parsed, ...readEvents({ tag: '', entries: frame.subarray(at), count: 0 })]
    const { value, end } = readValue(frame, at)
    parsed.push({ record: value as EventRecord })
    at = end
  }
  return parsed
}

const isMap = (first: number): boolean => (first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf
const isArray = (first: number): boolean => (first >= 0x90 && first < 0xa0) || first === 0xdc || first === 0xdd

function noRecord(first: number): AgentError {
  const got = `0x${first.toString(16).padStart(2, '0')}`
  return new AgentError('CODEC_MSGPACK', `msgpack: expected a map, or an array of a time and a map, got ${got}`)
}
