import type { EncodedEvents } from '../event/event.js'

/** Events that no retry can deliver, and why. */
export interface Letter {
  /** Id of the output that gave up. */
  readonly output: string
  /** What the output calls its destination, if it says so. */
  readonly destination?: string | undefined
  /** Snake_case: `refused`, `retry_limit` or `corrupt`. */
  readonly reason: string
  /** The last error's text. */
  readonly message: string
  readonly attempts: number
  readonly events: readonly EncodedEvents[]
}

/** Where letters go. */
export interface DeadLetter {
  /** Resolves once the letters are safe; false where it takes no such letters. Rejects where it cannot write now. */
  write(letters: readonly Letter[]): Promise<boolean>
}

/** That of an agent which has no storage path. */
export const noDeadLetter: DeadLetter = { write: () => Promise.resolve(false) }
