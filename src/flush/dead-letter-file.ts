import { type FileHandle, mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock } from '../base/clock.js'
import { toEventTime, toIsoText } from '../event/event-time.js'
import type { Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import type { DeadLetter, Letter } from './dead-letter.js'

export const noDeadLetter: DeadLetter = { write: () => Promise.resolve(false) }

export interface DeadLetterFileSettings {
  readonly folder: string
  /** Two files of half this size are kept: the older one goes when the newer one is full. */
  readonly limitBytes: number
}

/**
 * Keeps letters in `dead-letter.jsonl`, one JSON object for each chunk, or for each refused event of one: `time`, `output`, `reason`, `message`, `attempts`, `tag`,
 * `count`, and `entries`, the events themselves as base64 of `[EventTime, record]` in msgpack.
 */
export class DeadLetterFile implements DeadLetter {
  readonly #settings: DeadLetterFileSettings
  readonly #clock: Clock
  readonly #log: Logger
  #last: Promise<boolean> = Promise.resolve(true)

  constructor(settings: DeadLetterFileSettings, clock: Clock, log: Logger) {
    this.#settings = settings
    this.#clock = clock
    this.#log = log
  }

  write(letters: readonly Letter[]): Promise<boolean> {
    this.#last = this.#last.then(() => this.#write(letters))
    return this.#last
  }

  async #write(letters: readonly Letter[]): Promise<boolean> {
    try {
      await mkdir(this.#settings.folder, { recursive: true })
      const path = join(this.#settings.folder, 'dead-letter.jsonl')
      const size = await append(path, letters.map((letter) => this.#lines(letter)).join(''))
      if (size > this.#settings.limitBytes / 2) await rename(path, `${path}.1`)
      return true
    } catch (error) {
      this.#log.error(`dead letter not written: ${messageOf(error)}`)
      return false
    }
  }

  #lines({ events, ...about }: Letter): string {
    const time = toIsoText(toEventTime(this.#clock.wall()))
    return events
      .map(({ tag, count, entries }) => {
        const base64 = Buffer.from(entries.buffer, entries.byteOffset, entries.length).toString('base64')
        return `${JSON.stringify({ time, ...about, tag, count, entries: base64 })}\n`
      })
      .join('')
  }
}

/** How long the file is then, all of it on disk. */
async function append(path: string, text: string): Promise<number> {
  const file = await open(path, 'a+', 0o640)
  try {
    await file.appendFile((await endsTorn(file)) ? `\n${text}` : text)
    await file.datasync()
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

/** A power cut, or a full disk, left half a letter, to which the next one must not be glued. */
async function endsTorn(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat()
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer.toString() !== '\n'
}
