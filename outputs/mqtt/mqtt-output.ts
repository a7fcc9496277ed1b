import { type Batch, type BatchChunk, BatchNotes, type EventRun, type Output, PartialError } from 'sluice/plugin'
import type { Draft, Message } from './message.js'
import type { Progress, Publisher } from './publisher.js'

export interface MqttParts {
  readonly where: string
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

/** Publishes batches over one connection, which it opens when there is none. */
export class MqttOutput implements Output {
  readonly #parts: MqttParts
  readonly #fates = new BatchNotes<Fate>(({ count }) => ({
    done: new Uint8Array(count),
    refused: new Map(),
    together: [],
  }))
  #publisher: Publisher | undefined
  #turn: Promise<void> = Promise.resolve()

  constructor(parts: MqttParts) {
    this.#parts = parts
  }

  get destination(): string {
    return this.#parts.where
  }

  /** One flush at a time, so that events keep their order. */
  flush(batch: Batch, signal: AbortSignal): Promise<void> {
    const before = this.#turn.catch(() => undefined)
    this.#turn = before.then(() => this.#flush(batch, signal))
    return this.#turn
  }

  async close(): Promise<void> {
    await this.#publisher?.close()
    this.#publisher = undefined
  }

  async #flush(batch: Batch, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const fate = this.#fates.of(batch)
    const publisher = await this.#open(signal)
    const messages = this.#parts.messagesOf(this.#due(batch, fate), publisher.mostPacketBytes)
    await publisher.deliver(messages, progressOf(fate), signal)
    this.#fates.forget(batch)
    if (fate.refused.size === 0) return
    throw new PartialError(
      'MQTT_REFUSED_PART',
      `${this.#parts.where}: ${fate.refused.size} events were refused`,
      fate.refused,
      { together: fate.together },
    )
  }

  async #open(signal: AbortSignal): Promise<Publisher> {
    if (!this.#publisher?.usable) this.#publisher = await this.#parts.open(signal)
    return this.#publisher
  }

  /** The events that are neither delivered nor refused, each with its index in the batch. */
  *#due({ chunks }: Batch, { done, refused }: Fate): Iterable<readonly [number, Draft]> {
    let index = 0
    for (const chunk of chunks) {
      for (const draft of this.#parts.draftsOf(chunk)) {
        if (typeof draft === 'string') refused.set(index, `${this.#parts.where}: ${draft}`)
        else if (done[index] === 0) yield [index, draft]
        index++
      }
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
