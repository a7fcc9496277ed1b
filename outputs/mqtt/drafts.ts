import type { Draft } from 'sluice/mqtt'
import { type EncodedEvents, type Event, type FieldPayload, type Payloads, readEvents } from 'sluice/plugin'
import type { PropertiesMaker } from './properties.js'
import type { Topic } from './topic.js'

export interface DraftMaker {
  readonly topicOf: (event: Pick<Event, 'tag' | 'record'>) => Topic
  readonly properties: PropertiesMaker
  /** Whether topic, properties or payload need an event's fields or time. Without that no event is decoded. */
  readonly readsEvents: boolean
  readonly payloads: Payloads
  readonly fieldPayload: FieldPayload | undefined
  readonly topicChanged: () => void
}

const noTime = { seconds: 0, nanoseconds: 0 }

/** What is published of a chunk, event by event; a text says why an event cannot be. */
export function draftsOf(chunk: EncodedEvents, maker: DraftMaker): Iterable<Draft | string> {
  return maker.readsEvents ? decoded(chunk, maker) : undecoded(chunk, maker)
}

function* undecoded(chunk: EncodedEvents, maker: DraftMaker): Generator<Draft | string, void> {
  const event = { tag: chunk.tag, time: noTime, record: {} }
  const topic = maker.topicOf(event)
  const properties = maker.properties.of(event)
  for (const payload of maker.payloads(chunk)) yield draftOf(topic, payload, properties, maker)
}

function* decoded(chunk: EncodedEvents, maker: DraftMaker): Generator<Draft | string, void> {
  const payloads = maker.fieldPayload ? undefined : maker.payloads(chunk)
  for (const event of readEvents(chunk)) {
    const payload = payloads ? (payloads.next().value ?? undefined) : maker.fieldPayload?.(event)
    yield draftOf(maker.topicOf(event), payload, maker.properties.of(event), maker)
  }
}

function draftOf(
  topic: Topic,
  payload: Uint8Array | string | undefined,
  properties: Draft['properties'],
  maker: DraftMaker,
): Draft | string {
  if (!payload) return 'it has no such field (message_key)'
  if (typeof payload === 'string') return payload
  if ('refusal' in topic) return topic.refusal
  if (topic.changed) maker.topicChanged()
  return { topic: topic.topic, payload, properties }
}
