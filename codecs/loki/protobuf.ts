import type { PbfReader } from 'pbf'
import {
  AgentError,
  type EventRecord,
  type EventTime,
  messageOf,
  type Parsed,
  ParseError,
  setField,
  type Value,
} from 'sluice/plugin'
import { lokiEvent, wrongEvent } from './events.js'
import { fieldsOf, textOf } from './fields.js'
import { readLabels } from './labels.js'

type Reader = typeof PbfReader

/**
 * A push as a protocol buffer (Grafana Loki, pkg/push/push.proto):
 *
 *     PushRequest    1 streams: Stream, many
 *     Stream         1 labels: text such as {job="a"}; 2 entries: Entry, many
 *     Entry          1 timestamp; 2 line: text; 3 structuredMetadata: LabelPair, many
 *     Timestamp      1 seconds; 2 nanos
 *     LabelPair      1 name: text; 2 value: text
 *
 * Throws a ParseError at the first event that is wrong, `CODEC_LOKI_MESSAGE` where a message is torn.
 */
export function* parseProtobufPush(push: Uint8Array, reader: Reader): Generator<Parsed> {
  let index = 0
  try {
    for (const stream of messagesOf(push, 1, reader)) {
      const labels = labelsOf(stream, index, reader)
      for (const entry of messagesOf(stream, 2, reader)) {
        yield eventOf(entry, labels, index, reader)
        index++
      }
    }
  } catch (error) {
    throw error instanceof AgentError ? error : torn(index, error)
  }
}

/** Whatever the reader threw, the bytes made it do so. */
function torn(index: number, cause: unknown): ParseError {
  const message = `loki: event ${index}: expected a whole message, got one that is torn (${messageOf(cause)})`
  return new ParseError('CODEC_LOKI_MESSAGE', message, index, { cause })
}

function* messagesOf(message: Uint8Array, number: number, reader: Reader): Generator<Uint8Array> {
  for (const field of fieldsOf(message, reader)) {
    if (field.number === number && typeof field.value !== 'number') yield field.value
  }
}

/** They may stand behind the entries, so they are looked for first. */
function labelsOf(stream: Uint8Array, index: number, reader: Reader): EventRecord {
  let text = ''
  for (const { number, value } of fieldsOf(stream, reader)) if (number === 1) text = textOf(value) ?? ''
  const labels = readLabels(text)
  if (labels) return labels
  throw wrongEvent(index, 'the labels of a stream such as {job="a"}', text === '' ? 'nothing' : text)
}

function eventOf(entry: Uint8Array, labels: EventRecord, index: number, reader: Reader): Parsed {
  const metadata: Record<string, Value> = {}
  let line = ''
  let time: EventTime | undefined
  for (const { number, value } of fieldsOf(entry, reader)) {
    if (typeof value === 'number') continue
    if (number === 1) time = timeOf(value, index, reader)
    else if (number === 2) line = textOf(value) ?? ''
    else if (number === 3) addPair(metadata, value, reader)
  }
  return lokiEvent(line, labels, metadata, time)
}

function addPair(metadata: Record<string, Value>, pair: Uint8Array, reader: Reader): void {
  const texts = ['', '', '']
  for (const { number, value } of fieldsOf(pair, reader)) if (number < 3) texts[number] = textOf(value) ?? ''
  setField(metadata, texts[1] ?? '', texts[2] ?? '')
}

function timeOf(timestamp: Uint8Array, index: number, reader: Reader): EventTime {
  const numbers = [0, 0, 0]
  for (const { number, value } of fieldsOf(timestamp, reader))
    if (number < 3 && typeof value === 'number') numbers[number] = value
  const [, seconds = 0, nanoseconds = 0] = numbers
  const isTime = seconds >= 0 && seconds < 2 ** 32 && nanoseconds >= 0 && nanoseconds < 1e9
  if (isTime) return { seconds, nanoseconds }
  throw wrongEvent(index, 'a time between 1970 and 2106', `${seconds} seconds and ${nanoseconds} nanoseconds`)
}
