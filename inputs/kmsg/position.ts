import { type Ack, AgentError, type StateStore } from 'sluice/plugin'

interface Mark {
  readonly sequence: number
  settled: boolean
}

const key = 'position'

/**
 * How far the log was read, kept across restarts. It moves on only over events that were acknowledged, in order, so that a
 * restart repeats what was under way and skips nothing. Sequence numbers count from each boot, whose id is kept with them.
 */
export class Position {
  readonly #state: StateStore
  readonly #bootId: string
  #marks: Mark[] = []
  #last: number | undefined

  constructor(state: StateStore, bootId: string) {
    this.#state = state
    this.#bootId = bootId
    const [kept, sequence] = (state.get(key) ?? '').split(' ')
    if (bootId !== '' && kept === bootId) this.#last = Number(sequence)
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
    const mark = { sequence, settled: false }
    this.#marks.push(mark)
    return (error) => {
      if (error instanceof AgentError && error.code === 'LOG_STOPPED') return
      mark.settled = true // an event that was given up is in the ledger: reading it again would not save it
      this.#advance()
    }
  }

  #advance(): void {
    const open = this.#marks.findIndex((mark) => !mark.settled)
    const settled = this.#marks.splice(0, open < 0 ? this.#marks.length : open)
    const last = settled.at(-1)
    if (last) this.#state.set(key, `${this.#bootId} ${last.sequence}`)
  }
}
