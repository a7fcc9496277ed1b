import { readEvents } from '../../src/event/entry-reader.js'
import type { EventRecord } from '../../src/event/event.js'
import type { DeadLetter, Letter } from '../../src/flush/dead-letter.js'

/** A dead letter that keeps what it was given. */
export class RecordingDeadLetter implements DeadLetter {
  readonly letters: Letter[] = []
  writes = 0
  /** What it rejects with, while it is set. */
  failure: Error | undefined

  write(letters: readonly Letter[]): Promise<boolean> {
    this.writes++
    if (this.failure) return Promise.reject(this.failure)
    this.letters.push(...letters)
    return Promise.resolve(true)
  }

  get records(): EventRecord[] {
    const events = this.letters.flatMap((letter) => letter.events)
    return events.flatMap((each) => [...readEvents(each)].map(({ record }) => record))
  }
}
