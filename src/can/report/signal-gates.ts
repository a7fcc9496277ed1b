import { type MessageDecoder, slot } from '../decode/decoder.js'
import { PageGates } from './page-gates.js'
import type { Thinning } from './thinning.js'

interface SignalGroup {
  readonly gates: PageGates
  /** Places of the signals that go through together. */
  readonly places: readonly number[]
}

/** How the signals of one message are thinned out: all together, or some by themselves. */
export interface SignalThinning {
  readonly ofMessage: Thinning
  /** By the places of the signals; undefined for those that go with the message. */
  readonly ofSignals: readonly (Thinning | undefined)[]
  /** Places of the signals that others select. */
  readonly pages: readonly number[]
}

/**
 * Lets the signals of one message through as their values change, or as time passes. What a frame does not have, since another
 * signal selects others or since it is too short, is neither told nor a change.
 */
export class SignalGates {
  /** 1 for each signal that the last frame has and that goes through. */
  readonly due: Uint8Array
  readonly #groups: readonly SignalGroup[]
  readonly #thins: boolean
  readonly #toldStates: Uint8Array
  readonly #toldRaws: Float64Array
  readonly #toldLongRaws: (number | bigint | undefined)[] = []

  constructor(thinnings: SignalThinning) {
    const { ofMessage, ofSignals } = thinnings
    const size = ofSignals.length
    this.due = new Uint8Array(size)
    this.#toldStates = new Uint8Array(size)
    this.#toldRaws = new Float64Array(size)
    this.#groups = groupsOf(thinnings)
    this.#thins = [ofMessage, ...ofSignals].some((thinning) => thinning && thinsOut(thinning))
  }

  /** Marks in `due` what goes through of the frame that was decoded last, and says how many signals that are. */
  pass(decoder: MessageDecoder, now: number): number {
    if (!this.#thins) return this.#markAll(decoder)
    this.due.fill(0)
    let count = 0
    for (const group of this.#groups) count += this.#passGroup(group, decoder, now)
    return count
  }

  #markAll({ states }: MessageDecoder): number {
    const { due } = this
    let count = 0
    for (let place = 0; place < due.length; place++) {
      const isThere = states[place] === slot.absent ? 0 : 1
      due[place] = isThere
      count += isThere
    }
    return count
  }

  #passGroup({ gates, places }: SignalGroup, decoder: MessageDecoder, now: number): number {
    const changed = !gates.asksForChange || this.#hasChanged(places, decoder)
    if (!gates.isDue(decoder, now, changed)) return 0
    let count = 0
    for (const place of places) if (this.#mark(place, decoder)) count++
    if (count > 0) gates.open(decoder, now)
    return count
  }

  #hasChanged(places: readonly number[], decoder: MessageDecoder): boolean {
    for (const place of places) {
      const state = decoder.states[place]
      if (state === slot.absent) continue
      if (state !== this.#toldStates[place] || this.#hasOtherRaw(place, decoder)) return true
    }
    return false
  }

  #hasOtherRaw(place: number, decoder: MessageDecoder): boolean {
    const state = decoder.states[place]
    if (state === slot.bigint) return decoder.rawAt(place) !== this.#toldLongRaws[place]
    // Not a number is the same as not a number; so is one way to say that there is no value as another.
    return state === slot.number && !Object.is(decoder.raws[place], this.#toldRaws[place])
  }

  #mark(place: number, decoder: MessageDecoder): boolean {
    const state = decoder.states[place] as number
    if (state === slot.absent) return false
    this.due[place] = 1
    this.#toldStates[place] = state
    if (state === slot.bigint) this.#toldLongRaws[place] = decoder.rawAt(place)
    else this.#toldRaws[place] = decoder.raws[place] as number
    return true
  }
}

function groupsOf({ ofMessage, ofSignals, pages }: SignalThinning): readonly SignalGroup[] {
  const together = ofSignals.flatMap((thinning, place) => (thinning ? [] : [place]))
  const alone = ofSignals.flatMap((thinning, place) =>
    thinning ? [{ gates: new PageGates(thinning, []), places: [place] }] : [],
  )
  if (together.length === 0) return alone
  const gates = new PageGates(
    ofMessage,
    pages.filter((place) => together.includes(place)),
  )
  return [{ gates, places: together }, ...alone]
}

function thinsOut({ onChange, minInterval }: Thinning): boolean {
  return onChange || minInterval > 0
}
