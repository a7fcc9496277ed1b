import type { Draft, Message, Progress, Publisher } from 'sluice/mqtt'
import type { ServerOf, Upstream } from 'sluice/net'
import { type Batch, type BatchChunk, BatchNotes, type EventRun, type Output, PartialError } from 'sluice/plugin'
import type { MqttOptions } from './options.js'

/** One broker, and what is sent there how. */
export interface Broker extends ServerOf<MqttOptions> {
  readonly open: (signal: AbortSignal) => Promise<Publisher>
  /** What is published of each event; a text says why it cannot be. */
  readonly draftsOf: (chunk: BatchChunk) => Iterable<Draft | string>
  readonly messagesOf: (drafts: Iterable<readonly [number, Draft]>, mostPacketBytes: number) => Iterable<Message>
}

/** What became of the events of a batch so far: a retry sends only the others. */
interface Fate {
  /** 1 where an event was delivered or refused. */
  readonly done: Uint8Array
  readonly refused: Map<number, string>
  /** Events that were refused with others of their message. */
  readonly together: EventRun[]
}

/** Publishes batches over one connection to a broker, which it opens when there is none. */
export class MqttOutput implements Output {
  readonly #upstream: Upstream<Broker>
  readonly #fates = new BatchNotes<Fate>(({ count }) => ({
    done: new Uint8Array(count),
    refused: new Map(),
    together: [],
  }))
  readonly #publishers = new Map<Broker, Publisher>()
  #turn: Promise<void> = Promise.resolve()

  constructor(upstream: Upstream<Broker>) {
    this.#upstream = upstream
  }

  get destination(): string {
    return this.#upstream.where
  }

  /** One flush at a time, so that events keep their order. */
  flush(batch: Batch, signal: AbortSignal): Promise<void> {
    const before = this.#turn.catch(() => undefined)
    this.#turn = before.then(() => this.#flush(batch, signal))
    return this.#turn
  }

  async close(): Promise<void> {
    this.#upstream.close()
    const open = [...this.#publishers.values()]
    this.#publishers.clear()
    await Promise.all(open.map((publisher) => publisher.close()))
  }

  async #flush(batch: Batch, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const fate = this.#fates.of(batch)
    await this.#upstream.run(signal, (broker) => this.#deliver(batch, fate, broker, signal))
    this.#fates.forget(batch)
    const { refused, together } = fate
    if (refused.size === 0) return
    const text = `${this.#upstream.where}: ${refused.size} events were refused`
    throw new PartialError('MQTT_REFUSED_PART', text, refused, { together })
  }

  async #deliver(batch: Batch, fate: Fate, broker: Broker, signal: AbortSignal): Promise<void> {
    const publisher = await this.#open(broker, signal)
    const messages = broker.messagesOf(due(batch, fate, broker), publisher.mostPacketBytes)
    await publisher.deliver(messages, progressOf(fate), signal)
  }

  async #open(broker: Broker, signal: AbortSignal): Promise<Publisher> {
    const kept = this.#publishers.get(broker)
    if (kept?.usable && !kept.isStale) return kept
    await kept?.close()
    const publisher = await broker.open(signal)
    this.#publishers.set(broker, publisher)
    return publisher
  }
}

/** The events that are neither delivered nor refused, each with its index in the batch. */
function* due({ chunks }: Batch, { done, refused }: Fate, broker: Broker): Iterable<readonly [number, Draft]> {
  let index = 0
  for (const chunk of chunks) {
    for (const draft of broker.draftsOf(chunk)) {
      if (typeof draft === 'string') refused.set(index, `${broker.where}: ${draft}`)
      else if (done[index] === 0) yield [index, draft]
      index++
    }
  }
}

function progressOf({ done, refused, together }: Fate): Progress {
  return {
    delivered: (events) => events.forEach((index) => (done[index] = 1)),
    refused: (events, reason) => {
      for (const index of events) {
        done[index] = 1
        refused.set(index, reason)
      }
      if (events.length > 1) together.push(...runsOf(events))
    },
  }
}

/** Ascending places, as runs of neighbours. */
function runsOf(places: readonly number[]): EventRun[] {
  const runs: EventRun[] = []
  for (const place of places) {
    const last = runs.at(-1)
    if (last && last.first + last.count === place) runs[runs.length - 1] = { ...last, count: last.count + 1 }
    else runs.push({ first: place, count: 1 })
  }
  return runs
}
