import {
  type EventRecord,
  type EventTime,
  fromNanoseconds,
  isRecord,
  type Parsed,
  readJson,
  toJson,
  type Value,
} from 'sluice/plugin'
import { lokiEvent, wrongEvent } from './events.js'
import type { Entry, Stream } from './lines.js'

/**
 * A push in JSON (Grafana Loki, "Loki HTTP API", "Ingest logs"):
 *
 *     {"streams":[{"stream":{"job":"a"},"values":[["1700000000000000000","line",{"trace_id":"x"}]]}]}
 *
 * Times are nanoseconds since 1970 as text; the map behind the line, structured metadata, may be missing.
 */
export function* parseJsonPush(frame: Uint8Array): Generator<Parsed> {
  let index = 0
  const push = readJson(frame)
  for (const stream of listIn(push, 'streams', index)) {
    const labels = textsOf(isRecord(stream) ? stream['stream'] : undefined, 'the labels of a stream as texts', index)
    for (const value of listIn(stream, 'values', index)) {
      yield eventOf(value, labels, index)
      index++
    }
  }
}

function eventOf(value: Value, labels: EventRecord, index: number): Parsed {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) {
    throw wrongEvent(index, 'a list of a time, a line and perhaps metadata', shown(value))
  }
  const [nanoseconds, line, metadata = {}] = value as readonly Value[]
  if (typeof line !== 'string') throw wrongEvent(index, 'a line as text', shown(line))
  return lokiEvent(line, labels, textsOf(metadata, 'structured metadata as texts', index), timeOf(nanoseconds, index))
}

function timeOf(text: Value | undefined, index: number): EventTime {
  const time = typeof text === 'string' && /^\d{1,19}$/.test(text) ? fromNanoseconds(BigInt(text)) : undefined
  if (time) return time
  throw wrongEvent(index, 'nanoseconds since 1970 as text, until 2106', shown(text))
}

function listIn(value: Value, key: string, index: number): readonly Value[] {
  const list = isRecord(value) ? value[key] : undefined
  if (Array.isArray(list)) return list as readonly Value[]
  throw wrongEvent(index, `an object with a list "${key}"`, shown(value))
}

function textsOf(value: Value | undefined, what: string, index: number): EventRecord {
  if (isRecord(value) && Object.values(value).every((each) => typeof each === 'string')) return value
  throw wrongEvent(index, what, shown(value))
}

function shown(value: Value | undefined): string {
  return value === undefined ? 'nothing' : toJson(value)
}

/** The same, written; a line without metadata has no map behind it. */
export function writeJsonPush(streams: Iterable<Stream>): Uint8Array {
  const texts = Array.from(streams, ({ labels, entries }) => {
    const values = entries.map(valueText).join(',')
    return `{"stream":${JSON.stringify(Object.fromEntries(labels))},"values":[${values}]}`
  })
  return Buffer.from(`{"streams":[${texts.join(',')}]}`)
}

function valueText({ time: { seconds, nanoseconds }, line, metadata }: Entry): string {
  const time = `"${seconds}${String(nanoseconds).padStart(9, '0')}"`
  const more = metadata.length === 0 ? '' : `,${JSON.stringify(Object.fromEntries(metadata))}`
  return `[${time},${JSON.stringify(line)}${more}]`
}
