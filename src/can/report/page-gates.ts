import { type MessageDecoder, slot } from '../decode/decoder.js'
import { Gate } from './gate.js'
import type { Thinning } from './thinning.js'

interface PageGate {
  readonly gate: Gate
  /** Of the signal that makes the page: another selects it. */
  readonly place: number
}

/**
 * Lets the pages of a multiplexed message through, each by itself: one that always comes soon after another would never be told.
 * Frames without a page, as all of most messages are, have a gate together.
 */
export class PageGates {
  readonly asksForChange: boolean
  readonly #ofRest: Gate
  readonly #ofPages: readonly PageGate[]

  constructor(thinning: Thinning, pages: readonly number[]) {
    this.asksForChange = thinning.onChange
    this.#ofRest = new Gate(thinning)
    this.#ofPages = pages.map((place) => ({ gate: new Gate(thinning), place }))
  }

  isDue(decoder: MessageDecoder, now: number, changed: boolean): boolean {
    let hasPage = false
    for (const { gate, place } of this.#ofPages) {
      if (decoder.states[place] === slot.absent) continue
      if (gate.isDue(now, changed)) return true
      hasPage = true
    }
    return !hasPage && this.#ofRest.isDue(now, changed)
  }

  open(decoder: MessageDecoder, now: number): void {
    let hasPage = false
    for (const { gate, place } of this.#ofPages) {
      if (decoder.states[place] === slot.absent) continue
      gate.open(now)
      hasPage = true
    }
    if (!hasPage) this.#ofRest.open(now)
  }
}
