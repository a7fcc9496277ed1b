import { mkdir } from 'node:fs/promises'

import type { Clock } from '../base/clock.js'
import { appendLines, removeFile } from '../base/durable-file.js'
import { toEventTime } from '../event/event-time.js'
import type { Mount } from '../log/disk/mount.js'
import type { Logger } from '../plugin/context.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { countOf, type LetterCount, type LetterFile, letterFileOf, letterFiles, linesOf } from './dead-letter-folder.js'
import type { DeadLetter, Letter } from './dead-letter.js'
import { type KeptLetter, keptLetters } from './kept-letter.js'
import { type LetterTaking, letterTaking, type LetterTest } from './take-letters.js'

export interface DeadLetterSettings {
  readonly folder: string
  /** The oldest file goes when there would be more. */
  readonly limitBytes: number
  /** Of the folder, where it may be away. */
  readonly mount?: Mount | undefined
}

/** Files are small, so that little goes at once, and few enough to look through. */
const filesWithinLimit = 8
const largestFileBytes = 4 * 1024 * 1024

/**
 * Keeps letters in `letters-N.jsonl`, a JSON object a line, of which the highest number is written to. Only the process that
 * holds the storage path may have one.
 *
 *     letters-00000007.jsonl   oldest: the first to go when there are too many bytes
 *     letters-00000008.jsonl   newest: new letters go to its end
 *     replay-00000003.jsonl    letters on their way back, see replay-files.ts
 */
export class DeadLetterStore implements DeadLetter, LetterTaking {
  readonly #settings: DeadLetterSettings
  readonly #clock: Clock
  readonly #log: Logger
  #last: Promise<unknown> = Promise.resolve()

  constructor(settings: DeadLetterSettings, clock: Clock, log: Logger) {
    this.#settings = settings
    this.#clock = clock
    this.#log = log
  }

  async write(letters: readonly Letter[]): Promise<boolean> {
    const time = toEventTime(this.#clock.wall())
    try {
      await this.#write(letters.flatMap((letter) => keptLetters(letter, time)))
      return true
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== 'FLUSH_LETTER_SIZE') throw error
      return this.#notWritten(error)
    }
  }

  /** Resolves once they are safe; false when they were not kept. */
  keep(letters: readonly KeptLetter[]): Promise<boolean> {
    return this.#write(letters).then(
      () => true,
      (error: unknown) => this.#notWritten(error),
    )
  }

  #notWritten(error: unknown): false {
    this.#log.error(`dead letter not written: ${messageOf(error)}`)
    return false
  }

  drop(matches: LetterTest): Promise<LetterCount> {
    return this.#inTurn(() => letterTaking(this.#settings.folder).drop(matches))
  }

  moveToReplay(matches: LetterTest): Promise<LetterCount> {
    return this.#inTurn(() => letterTaking(this.#settings.folder).moveToReplay(matches))
  }

  /** Nothing is written to the folder in the place of a file system that is away. */
  #write(letters: readonly KeptLetter[]): Promise<void> {
    const { mount } = this.#settings
    const append = (): Promise<void> => this.#append(letters.map((letter) => `${JSON.stringify(letter)}\n`))
    return this.#inTurn(() => (mount ? mount.during(append) : append()))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  /** As many lines as a file takes go out together. */
  async #append(lines: readonly string[]): Promise<void> {
    const { folder, limitBytes } = this.#settings
    const fileBytes = Math.min(limitBytes / filesWithinLimit, largestFileBytes)
    await mkdir(folder, { recursive: true })
    let [number, bytes, text] = await this.#newest()
    for (const line of lines) {
      const size = Buffer.byteLength(line)
      if (size > limitBytes) throw new AgentError('FLUSH_LETTER_SIZE', tooLarge(size, limitBytes))
      if (bytes > 0 && bytes + size > fileBytes) {
        await this.#appendTo(number, text)
        ;[number, bytes, text] = [number + 1, 0, '']
      }
      bytes += size
      text += line
    }
    await this.#appendTo(number, text)
  }

  async #newest(): Promise<[number: number, bytes: number, text: string]> {
    const newest = (await letterFiles(this.#settings.folder, 'letters')).at(-1)
    return [newest?.number ?? 1, newest?.bytes ?? 0, '']
  }

  async #appendTo(number: number, text: string): Promise<void> {
    if (text === '') return
    await this.#makeRoom(Buffer.byteLength(text), number)
    await appendLines(letterFileOf(this.#settings.folder, 'letters', number), text)
  }

  async #makeRoom(moreBytes: number, number: number): Promise<void> {
    const { folder, limitBytes } = this.#settings
    const files = await letterFiles(folder, 'letters')
    let bytes = files.reduce((sum, file) => sum + file.bytes, moreBytes)
    for (const file of files) {
      if (bytes <= limitBytes || file.number === number) return
      await this.#remove(file)
      bytes -= file.bytes
    }
  }

  async #remove({ path }: LetterFile): Promise<void> {
    const lines = await linesOf(path)
    const { letters, events } = countOf(lines.flatMap(({ letter }) => letter ?? []))
    await removeFile(path)
    this.#log.warn(
      `the dead letter is full: its oldest ${events} events are gone; raise dead_letter_limit to keep more`,
      {
        letters,
        events,
      },
    )
  }
}

function tooLarge(size: number, limit: number): string {
  return `letter: expected at most ${limit} bytes (dead_letter_limit), got ${size}; raise the limit`
}
