import {
  AgentError,
  type EventRecord,
  type EventTime,
  numberEvents,
  type Parsed,
  setField,
  type Value,
} from 'sluice/plugin'
import { all, type Draft, each, fromWire, int32, int64, message, one, type Read, string, toWire } from 'sluice/protobuf'
import { lokiEvent } from './events.js'
import type { Entry, Stream } from './lines.js'
import { readLabels, writeLabels } from './labels.js'

/** Grafana Loki, pkg/push/push.proto, all of these; Timestamp is that of google/protobuf/timestamp.proto. */
const timestamp = message('Timestamp', { seconds: one(1, int64), nanos: one(2, int32) })
const labelPair = message('LabelPair', { name: one(1, string), value: one(2, string) })

const entry = message('Entry', {
  timestamp: one(1, () => timestamp),
  line: one(2, string),
  structuredMetadata: all(3, () => labelPair),
})

const stream = message('Stream', { labels: one(1, string), entries: each(2, () => entry) })
const pushRequest = message('PushRequest', { streams: each(1, () => stream) })

/** A push as a protocol buffer; its events are read as they are asked for. */
export function parseProtobufPush(push: Uint8Array): Iterable<Parsed> {
  return numberEvents(eventsOf(fromWire(pushRequest, push)))
}

/** The same, written. */
export function writeProtobufPush(streams: Iterable<Stream>): Uint8Array {
  const drafts = Array.from(streams, ({ labels, entries }) => ({
    labels: writeLabels(labels),
    entries: entries.map(entryDraft),
  }))
  return toWire(pushRequest, { streams: drafts })
}

function entryDraft({ time: { seconds, nanoseconds }, line, metadata }: Entry): Draft<Read<typeof entry>> {
  return {
    timestamp: { seconds, nanos: nanoseconds },
    line,
    structuredMetadata: metadata.map(([name, value]) => ({ name, value })),
  }
}

function* eventsOf({ streams }: Read<typeof pushRequest>): Generator<Parsed> {
  for (const { labels = '', entries } of streams) {
    const read = labelsOf(labels)
    for (const { line = '', timestamp: time, structuredMetadata } of entries) {
      yield lokiEvent(line, read, metadataOf(structuredMetadata), time && timeOf(time))
    }
  }
}

function labelsOf(text: string): EventRecord {
  const labels = readLabels(text)
  if (labels) return labels
  throw wrong('the labels of a stream such as {job="a"}', text === '' ? 'nothing' : text.slice(0, 64))
}

function metadataOf(pairs: readonly Read<typeof labelPair>[]): EventRecord {
  const metadata: Record<string, Value> = {}
  for (const { name = '', value = '' } of pairs) setField(metadata, name, value)
  return metadata
}

function timeOf({ seconds = 0, nanos = 0 }: Read<typeof timestamp>): EventTime {
  const isTime = seconds >= 0 && seconds < 2 ** 32 && nanos >= 0 && nanos < 1e9
  if (isTime) return { seconds: Number(seconds), nanoseconds: nanos }
  throw wrong('a time between 1970 and 2106', `${seconds} seconds and ${nanos} nanoseconds`)
}

function wrong(expected: string, got: string): AgentError {
  return new AgentError('CODEC_LOKI', `loki: expected ${expected}, got ${got}`)
}
