import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { Cancel, Clock } from '../base/clock.js'
import { replaceFile } from '../base/durable-file.js'
import type { Logger, StateStore } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'

/** How long changes gather before they are written. */
const gatherMs = 1000

export interface StateParts {
  /** The file; undefined keeps the state in memory, where it ends with the agent. */
  readonly path: string | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** One instance's state as a JSON file, replaced as a whole so that a power cut leaves the old or the new one. */
export class FileState implements StateStore {
  readonly #parts: StateParts
  readonly #values: Map<string, string>
  #dirty = false
  #cancel: Cancel | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(parts: StateParts) {
    this.#parts = parts
    this.#values = new Map(Object.entries(read(parts)))
  }

  get(key: string): string | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: string): void {
    this.#values.set(key, value)
    this.#changed()
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#changed()
  }

  flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  #changed(): void {
    this.#dirty = true
    if (this.#parts.path !== undefined) this.#cancel ??= this.#parts.clock.after(gatherMs, () => void this.flush())
  }

  async #write(): Promise<void> {
    const { path, log } = this.#parts
    if (path === undefined || !this.#dirty) return
    this.#dirty = false
    try {
      await mkdir(dirname(path), { recursive: true })
      await replaceFile(path, JSON.stringify(Object.fromEntries(this.#values)))
    } catch (error) {
      this.#dirty = true
      log.error(`state not written: ${messageOf(error)}`)
    }
  }
}

function read({ path, log }: StateParts): Record<string, string> {
  if (path === undefined) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!missing) log.warn(`${path}: expected the state of this input, got what cannot be read; starting afresh`)
    return {}
  }
}
