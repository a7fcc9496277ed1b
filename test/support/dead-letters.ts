import type { EventRecord } from '../../src/event/event.js'
import { readEvents } from '../../src/event/entry-reader.js'
import { readLetters } from '../../src/flush/dead-letter-folder.js'
import { DeadLetterStore } from '../../src/flush/dead-letter-store.js'
import type { Letter } from '../../src/flush/dead-letter.js'
import { eventsOf, type KeptLetter } from '../../src/flush/kept-letter.js'
import { batchOf } from './batch.js'
import { FakeClock } from './fake-clock.js'
import { RecordingLogger } from './plugin-context.js'

/** A store of its own log and clock on this folder. */
export function storeIn(folder: string, limitBytes = 1024 * 1024) {
  const log = new RecordingLogger()
  const clock = new FakeClock()
  return { log, clock, store: new DeadLetterStore({ folder, limitBytes }, clock, log) }
}

/** A letter with an event `{ n }` for each number. */
export function letterOf(
  numbers: readonly number[],
  about: Partial<Omit<Letter, 'events'>> & { tag?: string } = {},
): Letter {
  const { tag = 'test', ...others } = about
  const { chunks } = batchOf(numbers.map((n) => ({ tag, record: { n } })))
  return { output: 'out', reason: 'refused', message: 'no', attempts: 1, ...others, events: chunks }
}

/** All letters of a kind that can be read. */
export async function lettersIn(folder: string, kind: 'letters' | 'replay' = 'letters') {
  const letters: KeptLetter[] = []
  let damaged = 0
  for await (const file of readLetters(folder, kind, () => true)) {
    letters.push(...file.letters)
    damaged += file.damaged
  }
  return { letters, damaged }
}

export function recordsOf(letters: readonly KeptLetter[]): EventRecord[] {
  return letters.flatMap((letter) => [...readEvents(eventsOf(letter))].map(({ record }) => record))
}
