import {
  AgentError,
  type EventRecord,
  type EventTime,
  framerOf,
  fromNanoseconds,
  isRecord,
  type Parsed,
  ParseError,
  readJson,
  setField,
  toJson,
  type Value,
} from 'sluice/plugin'

/** Fields of GELF 1.1 that are no additional ones, but for the version and the time. */
const ownFields: readonly string[] = ['host', 'short_message', 'full_message', 'level', 'facility', 'line', 'file']

const secondsPattern = /^(\d{1,12})(?:\.(\d{1,9})\d*)?$/

/**
 * Messages one behind the other (Graylog, "GELF Payload Specification", version 1.1), which over TCP end with a null byte. The
 * underscore in front of additional fields is left out, unless the field has the name of another then. Throws a ParseError
 * `CODEC_GELF` at the first that is wrong.
 */
export function* parseGelf(frame: Uint8Array): Generator<Parsed> {
  let index = 0
  for (const value of valuesIn(frame)) yield parsedOf(read(value, index), index++)
}

/** A frame of a stream is one value, a whole body may have many. */
function* valuesIn(frame: Uint8Array): Generator<Uint8Array> {
  const framer = framerOf('json', { maxFrame: Math.max(1, frame.length), onOversize: () => undefined })
  const plain = frame.includes(0) ? frame.map((byte) => (byte === 0 ? 0x0a : byte)) : frame
  for (const value of framer.push(plain)) yield new Uint8Array(value)
  yield* framer.end()
}

function read(value: Uint8Array, index: number): Value {
  try {
    return readJson(value)
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    throw new ParseError('CODEC_GELF', `gelf: event ${index}: ${error.message}`, index, { cause: error })
  }
}

function parsedOf(message: Value, index: number): Parsed {
  if (!isRecord(message)) throw wrong(index, 'an object', message)
  const { timestamp = null } = message
  if (typeof message['short_message'] !== 'string') {
    throw wrong(index, 'a short_message as text', message['short_message'] ?? null)
  }
  const record = recordOf(message)
  if (timestamp === null) return { record }
  const time = timeOf(timestamp)
  if (!time) throw wrong(index, 'a timestamp in seconds, from 1970 to 2106', timestamp)
  return { record, time }
}

function recordOf(message: EventRecord): EventRecord {
  const record: Record<string, Value> = {}
  for (const [key, value] of Object.entries(message)) {
    if (key === 'version' || key === 'timestamp') continue
    const name = key.startsWith('_') && key.length > 1 ? key.slice(1) : key
    setField(record, name !== key && (ownFields.includes(name) || Object.hasOwn(message, name)) ? key : name, value)
  }
  return record
}

/** Of a number the decimals that tell it from all others count. */
function timeOf(value: Value): EventTime | undefined {
  const [, whole, fraction = ''] = secondsPattern.exec(typeof value === 'object' ? '' : String(value)) ?? []
  return whole === undefined ? undefined : fromNanoseconds(BigInt(whole + fraction.padEnd(9, '0')))
}

function wrong(index: number, expected: string, got: Value): ParseError {
  const message = `gelf: event ${index}: expected ${expected}, got ${toJson(got).slice(0, 64)}`
  return new ParseError('CODEC_GELF', message, index)
}
