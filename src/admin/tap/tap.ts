import type { EncodedEvents } from '../../event/event.js'
import type { TapClient } from './tap-client.js'

/** A lane, which shows each chunk that is appended to whoever is set here; the bytes are lent for the call. */
export interface Tapped {
  onAppend: ((chunk: EncodedEvents) => void) | undefined
}

/** Shows what is appended to all lanes to clients, and sets nothing there while it has none. */
export class Tap {
  readonly #lanes: readonly Tapped[]
  readonly #clients = new Set<TapClient>()
  #dropped = 0

  constructor(lanes: readonly Tapped[]) {
    this.#lanes = lanes
  }

  get clients(): number {
    return this.#clients.size
  }

  /** Events that clients of before and now asked for and did not get. */
  get dropped(): number {
    return [...this.#clients].reduce((sum, { dropped }) => sum + dropped, this.#dropped)
  }

  add(client: TapClient): void {
    this.#clients.add(client)
    this.#share()
    this.#set((chunk) => this.#show(chunk))
  }

  remove(client: TapClient): void {
    if (!this.#clients.delete(client)) return
    client.close()
    this.#dropped += client.dropped
    this.#share()
    if (this.#clients.size === 0) this.#set(undefined)
  }

  #share(): void {
    for (const client of this.#clients) client.share(1 / this.#clients.size)
  }

  #set(onAppend: Tapped['onAppend']): void {
    for (const lane of this.#lanes) lane.onAppend = onAppend
  }

  #show(chunk: EncodedEvents): void {
    for (const client of this.#clients) client.see(chunk)
  }
}
