import { type Batch, type BatchChunk, BatchNotes, type Output, PartialError } from 'sluice/plugin'
import type { Message } from './messages.js'
import type { Progress, Publisher } from './publisher.js'

export interface MqttParts {
  readonly where: string
  readonly open: (signal: AbortSignal) => Promise<Publisher>
  readonly messagesOf: (chunk: BatchChunk) => Iterable<Message | string>
}

/** What became of the events of a batch so far: a retry sends only the others. */
interface Fate {
  /** 1 where an event was delivered or refused. */
  readonly done: Uint8Array
  readonly refused: Map<number, string>
}

/** Publishes batches over one connection, which it opens when there is none. */
export class MqttOutput implements Output {
  readonly #parts: MqttParts
  readonly #fates = new BatchNotes<Fate>(({ count }) => ({ done: new Uint8Array(count), refused: new Map() }))
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
    await publisher.deliver(this.#due(batch, fate), progressOf(fate), signal)
    this.#fates.forget(batch)
    if (fate.refused.size === 0) return
    throw new PartialError(
      'MQTT_REFUSED_PART',
      `${this.#parts.where}: ${fate.refused.size} events were refused`,
      fate.refused,
    )
  }

  async #open(signal: AbortSignal): Promise<Publisher> {
    if (!this.#publisher?.usable) this.#publisher = await this.#parts.open(signal)
    return this.#publisher
  }

  /** The events that are neither delivered nor refused, each with its index in the batch. */
  *#due({ chunks }: Batch, { done, refused }: Fate): Iterable<readonly [number, Message]> {
    let index = 0
    for (const chunk of chunks) {
      for (const message of this.#parts.messagesOf(chunk)) {
        if (typeof message === 'string') refused.set(index, `${this.#parts.where}: ${message}`)
        else if (done[index] === 0) yield [index, message]
        index++
      }
    }
  }
}

function progressOf({ done, refused }: Fate): Progress {
  return {
    delivered: (index) => void (done[index] = 1),
    refused: (index, reason) => {
      done[index] = 1
      refused.set(index, reason)
    },
  }
}
