import type { Clock } from '../base/clock.js'
import type { Logger } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import type { DeadLetterDesk } from './dead-letter-desk.js'
import { StorageLock } from './storage-lock.js'
import type { Heir } from './estate.js'
import type { DiskFigures, StoredLog } from './stored-log.js'

export interface StorageParts {
  /** `service.storage.path`. */
  readonly path: string
  readonly desk: DeadLetterDesk
  /** The lanes that are on disk; undefined where all are in memory. */
  readonly storedLog: StoredLog | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** How long a command may hold the folder before the agent gives up on it. */
const lockMs = 2000

/** The folder that outlives the agent: one agent's at a time, opened before its inputs start, closed when all is flushed. */
export class Storage {
  readonly #parts: StorageParts
  #lock: StorageLock | undefined

  constructor(parts: StorageParts) {
    this.#parts = parts
  }

  /** Rejects with an AgentError where the folder is another agent's, or holds what must not be touched. */
  async open(heir?: Heir): Promise<void> {
    const { desk, storedLog } = this.#parts
    this.#lock = await this.#takeLock()
    try {
      if (storedLog) await storedLog.open(heir)
      else heir?.takeOver()
    } catch (error) {
      this.release()
      throw error
    }
    desk.start()
  }

  get figures(): DiskFigures {
    return this.#parts.storedLog?.figures ?? { lanes: {}, checkpoint_bytes: 0 }
  }

  /** Moves to disk what is left of the log. */
  async close(): Promise<void> {
    const { desk, storedLog } = this.#parts
    await desk.stop()
    await storedLog?.close()
  }

  /** The folder may be another agent's from now on. */
  release(): void {
    this.#lock?.release()
    this.#lock = undefined
  }

  /** A disk that is full, or takes no writing, keeps no agent from running: it keeps events in memory until it does. */
  async #takeLock(): Promise<StorageLock | undefined> {
    const { path, clock, log } = this.#parts
    try {
      return await StorageLock.takeWithin(path, lockMs, clock)
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== 'ENGINE_STORAGE_UNUSABLE') throw error
      log.error(error.message)
      return undefined
    }
  }
}
