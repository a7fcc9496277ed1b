import type { EncodedEvents } from '../event/event.js'

/** Events that no retry can deliver, and why. */
export interface Letter {
  /** Id of the output that gave up. */
  readonly output: string
  /** Snake_case: `refused` or `retry_limit`. */
  readonly reason: string
  /** The last error's text. */
  readonly message: string
  readonly attempts: number
  readonly events: readonly EncodedEvents[]
}

/** Where letters go. */
export interface DeadLetter {
  /** Resolves once the letters are safe; false when there is nowhere to put them. */
  write(letters: readonly Letter[]): Promise<boolean>
}
