import { type CanFrame, longestData } from '../frame.js'
import { Gate } from './gate.js'
import type { Thinning } from './thinning.js'

/** Lets frames of one identifier through as their bytes change, or as time passes. */
export class DataGate {
  readonly #gate: Gate
  readonly #told = new Uint8Array(longestData)
  #toldLength = -1

  constructor(thinning: Thinning) {
    this.#gate = new Gate(thinning)
  }

  /** Whether a frame goes through, which is remembered then. */
  pass(frame: CanFrame, now: number): boolean {
    const gate = this.#gate
    if (!gate.isDue(now, !gate.asksForChange || this.#differs(frame))) return false
    gate.open(now)
    if (gate.asksForChange) this.#remember(frame)
    return true
  }

  #differs({ data, length }: CanFrame): boolean {
    if (length !== this.#toldLength) return true
    for (let index = 0; index < length; index++) if (data[index] !== this.#told[index]) return true
    return false
  }

  #remember({ data, length }: CanFrame): void {
    for (let index = 0; index < length; index++) this.#told[index] = data[index] ?? 0
    this.#toldLength = length
  }
}
