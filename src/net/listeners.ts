import type { ListenAddress } from './listen-address.js'
import type { Listener, ListenerParts } from './listener.js'
import { openListeners } from './open-listener.js'

/** All that one server listens on. */
export class Listeners {
  readonly #open: Listener[] = []
  #isClosed = false

  /** As they came to be. */
  get addresses(): readonly string[] {
    return this.#open.map(({ address }) => address)
  }

  /** One after the other; false where they were closed meanwhile. Throws an AgentError `NET_LISTEN`. */
  async open(addresses: readonly ListenAddress[], parts: Omit<ListenerParts, 'address'>): Promise<boolean> {
    for (const address of addresses) {
      this.#open.push(...(await openListeners({ ...parts, address })))
      // Before the next one, which may fail: nobody else closes this one any more.
      if (this.#isClosed) this.close()
      if (this.#isClosed) return false
    }
    return true
  }

  /** They take no more connections; those there are go on. */
  close(): void {
    this.#isClosed = true
    for (const listener of this.#open) listener.close()
  }
}
