import type { EventRun } from '../plugin/errors.js'

/** Events that go out in one flush. */
export interface Part extends EventRun {
  /** How often this part was flushed. */
  attempts: number
  /** How often its events were flushed before, among more of them. */
  readonly before: number
  /** The other half of a part that was refused, if that comes first. */
  readonly sibling: Part | undefined
}

/** Events that no retry can deliver, and why. */
export interface GivenUp extends EventRun {
  /** Snake_case: `refused`, `retry_limit` or `corrupt`. */
  readonly reason: string
  readonly message: string
  /** How many flushes they were in. */
  readonly attempts: number
}

/**
 * After so many refusals in a row, beside those that it takes to get down to one event, a destination seems to refuse
 * everything: until it takes something, parts are asked for once more each, and given up whole.
 */
const patience = 16

/**
 * Finds the events of a batch that its destination refuses: a part that is refused is cut in halves, which are asked for one
 * after the other, down to single events. What was delivered or refused is not asked for again.
 *
 *     [ 0 1 2 3 4 5 6 7 ]                 refused
 *     [ 0 1 2 3 ]                         delivered: the bad one is in the other half, which is cut unasked
 *                 [ 4 5 ]                 refused
 *                 [ 4 ]                   delivered
 *                     [ 5 ]               refused: given up
 *                         [ 6 7 ]         delivered
 */
export class Bisection {
  /** Places where a chunk ends. */
  readonly #ends: readonly number[]
  readonly #count: number
  /** The one that comes first is the last. */
  readonly #undecided: Part[]
  readonly #givenUp: GivenUp[] = []
  #refusalsInARow = 0

  /** `counts` has the number of events of each chunk: where a part holds several, it is cut between two. */
  constructor(counts: readonly number[]) {
    let end = 0
    this.#ends = counts.map((count) => (end += count))
    this.#count = end
    this.#undecided = [{ first: 0, count: end, attempts: 0, before: 0, sibling: undefined }]
  }

  /** What is to be flushed next; undefined once all is decided. */
  get part(): Part | undefined {
    return this.#undecided.at(-1)
  }

  /** In the order of the batch. */
  get givenUp(): readonly GivenUp[] {
    return this.#givenUp.toSorted((one, other) => one.first - other.first)
  }

  /** The part was delivered. */
  delivered(): void {
    const part = this.#undecided.pop()
    this.#refusalsInARow = 0
    const next = this.part
    if (next && next.sibling === part && next.count > 1) this.#cut(this.#undecided.pop())
  }

  /** The part was refused; `all` when the destination would refuse any other too. */
  refused(message: string, all = false): void {
    if (all) return this.giveUp('refused', message)
    this.#refusalsInARow++
    const part = this.#undecided.pop()
    if (!part) return
    if (part.count === 1 || this.#outOfPatience) this.#give(part, 'refused', message)
    else this.#cut(part)
  }

  /**
   * The part was delivered but for the events at these indexes of it. Those in runs `together` were refused by one answer:
   * which of them are bad is still to be found.
   */
  partly(rejected: ReadonlyMap<number, string>, together: readonly EventRun[] = []): void {
    const part = this.#undecided.pop()
    if (!part) return
    this.#refusalsInARow = rejected.size < part.count ? 0 : this.#refusalsInARow + 1
    const runs = together.filter(({ first, count }) => count > 1 && first + count <= part.count)
    for (const [index, message] of rejected) {
      const event = { ...part, first: part.first + index, count: 1 }
      const inRun = runs.some(({ first, count }) => index >= first && index < first + count)
      if (index < part.count && !inRun) this.#give(event, 'refused', message)
    }
    for (const { first, count } of runs.toReversed()) this.#cut({ ...part, first: part.first + first, count })
  }

  /** Gives up all that is undecided. */
  giveUp(reason: string, message: string): void {
    for (const part of this.#undecided.splice(0)) this.#give(part, reason, message)
  }

  get #outOfPatience(): boolean {
    return this.#refusalsInARow > patience + Math.ceil(Math.log2(this.#count))
  }

  #give({ first, count, attempts, before }: Part, reason: string, message: string): void {
    this.#givenUp.push({ first, count, reason, message, attempts: before + attempts })
  }

  #cut(part: Part | undefined): void {
    if (!part) return
    const middle = this.#middleOf(part)
    const both = { attempts: 0, before: part.before + part.attempts }
    const head: Part = { ...both, first: part.first, count: middle - part.first, sibling: undefined }
    const tail: Part = { ...both, first: middle, count: part.count - head.count, sibling: head }
    this.#undecided.push(tail, head)
  }

  /** The end of a chunk that is next to the middle, else the middle itself. */
  #middleOf({ first, count }: EventRun): number {
    const middle = first + (count >> 1)
    const ends = this.#ends.filter((end) => end > first && end < first + count)
    const distance = (end: number): number => Math.abs(end - middle)
    return ends.reduce((best, end) => (distance(end) < distance(best) ? end : best), ends[0] ?? middle)
  }
}
