import {
  AgentError,
  type EventRecord,
  framerOf,
  isRecord,
  type Parsed,
  ParseError,
  readJson,
  toJson,
  type Value,
} from 'sluice/plugin'
import { readSeconds } from './time.js'

/**
 * Events as JSON objects one behind the other (Splunk, "Format events for HTTP Event Collector"):
 *
 *     {"time":1426279439.123,"host":"gw","event":"link is up"}{"event":{"a":1},"fields":{"b":"c"}}
 *
 * Throws a ParseError at the first that is wrong, by the codes of Splunk's answers: `CODEC_HEC_NO_EVENT` (12), `CODEC_HEC_BLANK`
 * (13), `CODEC_HEC_FIELDS` (15), `CODEC_HEC_DATA` (6).
 */
export function* parseEvents(frame: Uint8Array): Generator<Parsed> {
  let index = 0
  for (const value of valuesIn(frame)) yield parsedOf(read(value, index), index++)
}

/** A frame of a stream is one value, a whole body may have many. */
function valuesIn(frame: Uint8Array): readonly Uint8Array[] {
  const framer = framerOf('json', { maxFrame: frame.length, onOversize: () => undefined })
  return [...framer.push(frame), ...framer.end()]
}

function read(value: Uint8Array, index: number): Value {
  try {
    return readJson(value)
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    throw new ParseError('CODEC_HEC_DATA', `splunk_hec: event ${index}: ${error.message}`, index, { cause: error })
  }
}

function parsedOf(value: Value, index: number): Parsed {
  if (!isRecord(value)) throw wrong('CODEC_HEC_DATA', index, 'an object', value)
  const { time: seconds = null, ...record } = value
  checkEvent(record, index)
  if (seconds === null) return { record }
  const time = readSeconds(seconds)
  if (!time) throw wrong('CODEC_HEC_DATA', index, 'a time in seconds, from 1970 to 2106', seconds)
  return { record, time }
}

function checkEvent({ event = null, fields = {} }: EventRecord, index: number): void {
  if (event === null) throw wrong('CODEC_HEC_NO_EVENT', index, 'an event', event)
  if (event === '') throw wrong('CODEC_HEC_BLANK', index, 'an event that is not blank', event)
  const isFlat = isRecord(fields) && Object.values(fields).every((each) => !isRecord(each))
  if (!isFlat) throw wrong('CODEC_HEC_FIELDS', index, 'fields without maps in them', fields)
}

function wrong(code: string, index: number, expected: string, got: Value): ParseError {
  return new ParseError(
    code,
    `splunk_hec: event ${index}: expected ${expected}, got ${toJson(got).slice(0, 64)}`,
    index,
  )
}
