import type { Batch, Output } from '../plugin/define.js'
import { PartialError } from '../plugin/errors.js'
import type { Connections, Keepable } from './kept-connections.js'

/** What a batch is as it goes out. */
export interface Outgoing<P> {
  readonly payload: P
  /** Events that are not sent, by their places in the batch, each with its reason. A sender may find more of them. */
  readonly refused: Map<number, string>
}

/** A connection that takes what goes out. */
export interface Sender<P> extends Keepable {
  /** Resolves once the payload is as safe as the protocol can tell; rejects as soon as that cannot be. */
  send(outgoing: Outgoing<P>, signal: AbortSignal): Promise<void>
}

export interface SendingParts<P> {
  /** What logs call the destination. */
  readonly where: string
  readonly connections: Connections<Sender<P>>
  readonly encode: (batch: Batch) => Outgoing<P>
}

/** An output that brings a whole batch to a peer over a kept connection; a retry sends all of it again. */
export class SendingOutput<P> implements Output {
  readonly #parts: SendingParts<P>

  constructor(parts: SendingParts<P>) {
    this.#parts = parts
  }

  get destination(): string {
    return this.#parts.where
  }

  async flush(batch: Batch, signal: AbortSignal): Promise<void> {
    const { where, connections, encode } = this.#parts
    const outgoing = encode(batch)
    const { refused } = outgoing
    if (refused.size < batch.count) await connections.use(signal, (sender) => sender.send(outgoing, signal))
    if (refused.size === 0) return
    throw new PartialError('NET_REFUSED_PART', `${where}: ${refused.size} events were refused`, refused)
  }

  close(): Promise<void> {
    this.#parts.connections.close()
    return Promise.resolve()
  }
}
