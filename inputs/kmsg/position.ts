import { type Ack, SettledPlaces, type StateStore } from 'sluice/plugin'

const key = 'position'

/**
 * How far the log was read, kept across restarts. It moves on only over events that were acknowledged, in order, so that a
 * restart repeats what was under way and skips nothing. Sequence numbers count from each boot, whose id is kept with them.
 */
export class Position {
  readonly #settled: SettledPlaces
  #last: number | undefined

  constructor(state: StateStore, bootId: string) {
    const [kept, sequence] = (state.get(key) ?? '').split(' ')
    if (bootId !== '' && kept === bootId) this.#last = Number(sequence)
    this.#settled = new SettledPlaces((reached) => state.set(key, `${bootId} ${reached}`))
  }

  /** The record read last, here or before the restart; undefined when none was since this boot. */
  get last(): number | undefined {
    return this.#last
  }

  /** A record was read and nobody needs to hear of it. */
  skip(sequence: number): void {
    this.take(sequence)()
  }

  /** A record was read; the position moves on when what this answers is called. */
  take(sequence: number): Ack {
    this.#last = sequence
    return this.#settled.upTo(sequence)
  }
}
