import { type EncodedEvents, type Event, readEvents } from 'sluice/plugin'
import type { FieldPayload, Payloads } from './payload.js'
import type { Topic } from './topic.js'

/** One event as it is published. */
export interface Message {
  readonly topic: string
  readonly payload: Uint8Array
}

export interface MessageMaker {
  readonly topicOf: (event: Pick<Event, 'tag' | 'record'>) => Topic
  /** Whether a topic needs the event's fields. Without that, and without `fieldPayload`, no event is decoded. */
  readonly topicReadsFields: boolean
  readonly payloads: Payloads
  readonly fieldPayload: FieldPayload | undefined
  readonly topicChanged: () => void
}

/** What is published of a chunk, event by event; a text says why an event cannot be. */
export function messagesOf(chunk: EncodedEvents, maker: MessageMaker): Iterable<Message | string> {
  return maker.topicReadsFields || maker.fieldPayload ? decoded(chunk, maker) : undecoded(chunk, maker)
}

function* undecoded(chunk: EncodedEvents, maker: MessageMaker): Generator<Message | string, void> {
  const topic = maker.topicOf({ tag: chunk.tag, record: {} })
  for (const payload of maker.payloads(chunk)) yield messageOf(topic, payload, maker)
}

function* decoded(chunk: EncodedEvents, maker: MessageMaker): Generator<Message | string, void> {
  const payloads = maker.fieldPayload ? undefined : maker.payloads(chunk)
  for (const event of readEvents(chunk)) {
    const payload = payloads ? (payloads.next().value ?? undefined) : maker.fieldPayload?.(event)
    yield messageOf(maker.topicOf(event), payload, maker)
  }
}

function messageOf(topic: Topic, payload: Uint8Array | undefined, maker: MessageMaker): Message | string {
  if (!payload) return 'it has no such field (message_key)'
  if ('refusal' in topic) return topic.refusal
  if (topic.changed) maker.topicChanged()
  return { topic: topic.topic, payload }
}
