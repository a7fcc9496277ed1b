import { encode } from '@msgpack/msgpack'
import type { TestContext } from 'node:test'
import forward from '../../inputs/forward/index.js'
import { type Clock, systemClock } from '../../src/base/clock.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Ack } from '../../src/plugin/context.js'
import { entryOf } from './entries.js'
import { RecordingInputContext } from './input-context.js'
import { addressesOf } from './listening.js'
import { optionsOf } from './options.js'
import { RawClient } from './raw-client.js'
import { type Run, running } from './running.js'

interface Taken {
  readonly tag: string
  readonly entries: Buffer
  readonly count: number
  readonly ack: Ack | undefined
}

/** The engine as the forward input sees it; it remembers the very bytes that it was given. */
export class ForwardContext extends RecordingInputContext {
  readonly taken: Taken[] = []
  /** Whether acks are given at once, as with `ack: received`. */
  acksAtOnce = true
  /** Whether there is memory for messages in the making, which may be where there is no room for events. */
  hasMemory = true

  override emitEntries(tag: string, entries: Uint8Array, count: number, ack?: Ack): boolean {
    this.taken.push({ tag, entries: Buffer.from(entries), count, ack })
    const hasRoom = super.emitEntries(tag, entries, count, ack)
    if (this.acksAtOnce) ack?.()
    return hasRoom
  }

  override reserve(bytes: number): boolean {
    if (this.hasMemory) this.reserved += bytes
    return this.hasMemory
  }
}

export interface ForwardListening {
  readonly context: ForwardContext
  readonly port: number
  readonly addresses: readonly string[]
  readonly run: Run
  readonly client: () => Promise<RawClient>
}

/** A forward input that listens on a free port, until the test ends. Events keep their own tags unless `tag` is given. */
export async function forwardListening(
  t: TestContext,
  raw: { readonly [name: string]: unknown } = {},
  clock: Clock = systemClock,
): Promise<ForwardListening> {
  const context = new ForwardContext(clock)
  const run = await running(t, forward.create(optionsOf(forward, { port: 0, tag: context.id, ...raw }), context))
  t.after(() => (context.hasRoom = true))
  const addresses = await addressesOf(context.log)
  const port = Number(addresses[0]?.split(':').at(-1))
  return { context, run, port, addresses, client: () => RawClient.connect(t, port) }
}

/** So many entries `{n: 0}`, `{n: 1}`, … one behind the other. */
export function numberedEntries(count: number, from = 0): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, n) => entryOf({ n: from + n }, 1_795_467_780, n)))
}

/** A PackedForward message. */
export function packed(tag: string, entries: Uint8Array, options: EventRecord = {}): Buffer {
  return Buffer.from(encode([tag, new Uint8Array(entries), options]))
}

export const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
