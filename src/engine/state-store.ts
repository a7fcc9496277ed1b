import { readFileSync, renameSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { Cancel, Clock } from '../base/clock.js'
import { replaceFile } from '../base/durable-file.js'
import type { Mount } from '../log/disk/mount.js'
import type { Logger, StateStore } from '../plugin/context.js'
import { AgentError, messageOf } from '../plugin/errors.js'

/** How long changes gather before they are written. */
const gatherMs = 1000

export interface StateParts {
  /** The file; undefined keeps the state in memory, where it ends with the agent. */
  readonly path: string | undefined
  /** Of the file: nothing is written in its place while it is away. */
  readonly mount?: Mount | undefined
  readonly clock: Clock
  readonly log: Logger
}

/**
 * One instance's state as a JSON file, replaced as a whole so that a power cut leaves the old or the new one. It is read when it
 * is used first: where that fails, whoever asked fails with it, and nothing is written.
 */
export class FileState implements StateStore {
  readonly #parts: StateParts
  #read: Map<string, string> | undefined
  #dirty = false
  #cancel: Cancel | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(parts: StateParts) {
    this.#parts = parts
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

  get #values(): Map<string, string> {
    this.#read ??= new Map(Object.entries(read(this.#parts)))
    return this.#read
  }

  #changed(): void {
    this.#dirty = true
    if (this.#parts.path !== undefined) this.#cancel ??= this.#parts.clock.after(gatherMs, () => void this.flush())
  }

  async #write(): Promise<void> {
    const { path, mount, log } = this.#parts
    if (path === undefined || !this.#dirty) return
    this.#dirty = false
    const replace = async (): Promise<void> => {
      await mkdir(dirname(path), { recursive: true })
      await replaceFile(path, JSON.stringify(Object.fromEntries(this.#values)))
    }
    try {
      await (mount ? mount.during(replace) : replace())
    } catch (error) {
      this.#dirty = true
      log.error(`state not written: ${messageOf(error)}`)
    }
  }
}

type Values = { readonly [key: string]: string }

function read({ path, log }: StateParts): Values {
  const text = path === undefined ? undefined : readText(path)
  if (path === undefined || text === undefined) return {}
  const values = parsed(text)
  if (values) return values
  attempt(path, () => renameSync(path, `${path}.corrupt`))
  log.error(`${path}: expected the state of this input, got what is none; kept as ${path}.corrupt, starting afresh`)
  return {}
}

/** Undefined where there is none yet. */
function readText(path: string): string | undefined {
  return attempt(path, () => {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
  })
}

/** A state that cannot be read now may be good: to start afresh would lose, or send twice, what it accounts for. */
function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const message = `"${path}": expected the state of this input, got ${messageOf(error)}; make it readable, or remove it to start afresh`
    throw new AgentError('ENGINE_STATE_UNREADABLE', message, { cause: error })
  }
}

function parsed(text: string): Values | undefined {
  try {
    const values: unknown = JSON.parse(text)
    return isValues(values) ? values : undefined
  } catch {
    return undefined // a power cut, or somebody's editor
  }
}

function isValues(value: unknown): value is Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((each) => typeof each === 'string')
}
