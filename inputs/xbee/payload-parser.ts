import { type EventTime, isRecord, type Parsed, type Parser, readValue, toEventTime, type Value } from 'sluice/plugin'

/** Payloads as Fluent Bit's plugin took them: a map of msgpack is the record, or comes with its time; all else is bytes in `data`. */
export const payloadParser: Parser = {
  framing: 'bytes',
  parse: (payload) => (payload.length === 0 ? [] : [parsedOf(valueOf(payload)) ?? raw(payload)]),
}

function raw(payload: Uint8Array): Parsed {
  return { record: { data: new Uint8Array(payload) } }
}

function parsedOf(value: Value | undefined): Parsed | undefined {
  if (isRecord(value)) return { record: value }
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [time, record] = value as readonly Value[]
  return time !== undefined && isRecord(record) && isSeconds(time) ? { record, time: timeOf(time) } : undefined
}

function isSeconds(value: Value): value is number {
  return typeof value === 'number' && value >= 0 && value < 2 ** 32
}

function timeOf(seconds: number): EventTime {
  return toEventTime(seconds * 1000)
}

/** The one value that all of the payload is. */
function valueOf(payload: Uint8Array): Value | undefined {
  try {
    const { value, end } = readValue(payload)
    return end === payload.length ? value : undefined
  } catch {
    // It is no msgpack, as most payloads.
    return undefined
  }
}
