import { unlessAborted } from '../base/unless-aborted.js'
import type { PluginContext } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import type { BusState, TakeFrame } from './can-bus.js'
import type { LineFrames } from './line-frames.js'

/** A way to a bus that is open: a child, a connection, a line. */
export interface Link {
  /** The next bytes; undefined at the end. Throws why there are no more. */
  read(): Promise<Uint8Array | undefined>
  /** What has come and was not read; undefined where that is nothing. */
  atHand(): Promise<Uint8Array | undefined>
  close(): void
}

export interface KeeperParts<L extends Link> {
  /** Of the bus, for the log. */
  readonly name: string
  readonly context: Pick<PluginContext, 'clock' | 'count' | 'log'>
  /** Opens it once; throws where it cannot be had. */
  readonly open: (signal: AbortSignal) => Promise<L>
  readonly retryMs: number
  readonly onState: ((state: BusState) => void) | undefined
}

/** Keeps one link open: opens it, reads it, and opens it again a while after it was lost. */
export class LinkKeeper<L extends Link> {
  readonly #parts: KeeperParts<L>
  #link: L | undefined
  #state: BusState | undefined
  #reason = ''

  constructor(parts: KeeperParts<L>) {
    this.#parts = parts
  }

  /** The link, where it is open. */
  get link(): L | undefined {
    return this.#link
  }

  /** Gives the next frames of this link or a later one; false once the signal is aborted and nothing is at hand. */
  async next(frames: LineFrames, take: TakeFrame, signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const bytes = await this.#tryRead(signal)
      if (bytes && frames.push(bytes, take) > 0) return true
      if (!this.#link) await this.#parts.context.clock.sleep(this.#parts.retryMs, signal)
    }
    const last = await this.#link?.atHand().catch(() => undefined) // a link that is lost has nothing any more
    return last !== undefined && frames.push(last, take) > 0
  }

  close(): void {
    this.#link?.close()
    this.#link = undefined
  }

  async #tryRead(signal: AbortSignal): Promise<Uint8Array | undefined> {
    try {
      this.#link ??= await this.#parts.open(signal)
      this.#become('active', '')
      const bytes = await unlessAborted(this.#link.read(), signal)
      if (!bytes) this.#lose('it ended')
      return bytes
    } catch (error) {
      if (!signal.aborted) this.#lose(messageOf(error))
      return undefined
    }
  }

  #lose(reason: string): void {
    if (this.#link) this.#parts.context.count('lost_links')
    this.close()
    this.#become('absent', reason)
  }

  /** A state is told when it changes; why a bus is absent also when that does. */
  #become(state: BusState, reason: string): void {
    const { name, context, onState } = this.#parts
    if (state !== this.#state || reason !== this.#reason) {
      if (state === 'active') context.log.info('bus state', { bus: name, state })
      else context.log.warn('bus state', { bus: name, state, reason })
    }
    this.#reason = reason
    if (state === this.#state) return
    this.#state = state
    onState?.(state)
  }
}
