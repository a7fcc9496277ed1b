import { type Draft, type Message, packetBytes } from 'sluice/mqtt'
import type { Shape } from './shape.js'

export interface GatherSettings {
  readonly shape: Shape
  readonly mostPayloadBytes: number
  readonly mostPacketBytes: number
  readonly qos: 0 | 1 | 2
  readonly version: 4 | 5
}

/** The events of one topic that are to be one message. */
interface Group {
  readonly draft: Draft
  readonly events: number[]
  readonly payloads: Uint8Array[]
  readonly mostBytes: number
  bytes: number
  expirySeconds: number
}

/** Each event in a message of its own. */
export function* singly(drafts: Iterable<readonly [number, Draft]>): Generator<Message, void> {
  for (const [index, draft] of drafts) yield { ...draft, events: [index] }
}

/** Events of one topic, and with the same user properties, in as few messages as there is room in. Order is kept in each topic. */
export function* gathered(
  drafts: Iterable<readonly [number, Draft]>,
  settings: GatherSettings,
): Generator<Message, void> {
  const groups = new Map<string, Group>()
  for (const [index, draft] of drafts) {
    const key = keyOf(draft)
    const group = groups.get(key)
    const hasRoom = group && group.bytes + settings.shape.between.length + draft.payload.length <= group.mostBytes
    if (group && !hasRoom) yield messageOf(group, settings.shape)
    if (hasRoom) add(group, index, draft, settings.shape)
    else groups.set(key, groupOf(index, draft, settings))
  }
  for (const group of groups.values()) yield messageOf(group, settings.shape)
}

function keyOf({ topic, properties }: Draft): string {
  return properties?.userProperties ? JSON.stringify([topic, properties.userProperties]) : topic
}

function groupOf(index: number, draft: Draft, settings: GatherSettings): Group {
  const { open, close } = settings.shape
  const { mostPacketBytes, mostPayloadBytes } = settings
  const around = packetBytes({ ...draft, payload: new Uint8Array() }, settings)
  return {
    draft,
    events: [index],
    payloads: [draft.payload],
    bytes: open.length + draft.payload.length + close.length,
    // The length of the packet may take three bytes more than that of an empty one (MQTT 5.0, section 1.5.5).
    mostBytes: Math.min(mostPayloadBytes, mostPacketBytes - around - 3),
    expirySeconds: draft.properties?.messageExpiryInterval ?? 0,
  }
}

function add(group: Group, index: number, { payload, properties }: Draft, { between }: Shape): void {
  group.events.push(index)
  group.payloads.push(payload)
  group.bytes += between.length + payload.length
  group.expirySeconds = Math.max(group.expirySeconds, properties?.messageExpiryInterval ?? 0)
}

/** It may live as long as the youngest event in it. */
function messageOf({ draft, events, payloads, expirySeconds }: Group, shape: Shape): Message {
  const { topic, properties } = draft
  return {
    topic,
    properties: expirySeconds > 0 ? { ...properties, messageExpiryInterval: expirySeconds } : properties,
    payload: shape.join(payloads),
    events,
  }
}
