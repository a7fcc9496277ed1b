import { type EventRecord, type EventTime, type Parsed, ParseError } from 'sluice/plugin'

/** One log line of a stream. Metadata may be empty; time is undefined where there is none. */
export function lokiEvent(
  log: string,
  labels: EventRecord,
  metadata: EventRecord,
  time: EventTime | undefined,
): Parsed {
  const structured = Object.keys(metadata).length === 0 ? {} : { structured_metadata: metadata }
  const record: EventRecord = { log, labels, ...structured }
  return time ? { record, time } : { record }
}

export function wrongEvent(index: number, expected: string, got: string): ParseError {
  return new ParseError('CODEC_LOKI', `loki: event ${index}: expected ${expected}, got ${got.slice(0, 64)}`, index)
}
