import type { OutputLedger } from '../observe/ledger.js'
import type { Cursor } from './cursor.js'

/** The cursors of one output, one for each lane, those of the most urgent lanes first. */
export class CursorGroup {
  readonly #cursors: readonly Cursor[]

  constructor(cursors: readonly [Cursor, ...Cursor[]]) {
    this.#cursors = cursors
  }

  get ledger(): OutputLedger {
    return (this.#cursors[0] as Cursor).ledger
  }

  /** Those with something to read. */
  get readable(): readonly Cursor[] {
    return this.#cursors.filter(({ readable }) => readable)
  }

  /** Called when there is something new to read. */
  set onReadable(callback: () => void) {
    for (const cursor of this.#cursors) cursor.onReadable = callback
  }
}
