import { type FSWatcher, mkdirSync, readdirSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'

import type { Cancel, Clock } from '../base/clock.js'
import { removeFile, replaceFile } from '../base/durable-file.js'
import { Rounds } from '../base/rounds.js'
import type { DeadLetterStore } from '../flush/dead-letter-store.js'
import { replayFiles, type ReplayParts } from '../flush/replay-files.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import {
  answerFile,
  carryOut,
  type LetterAnswer,
  readRequest,
  requestFile,
  waitingRequests,
} from './dead-letter-request.js'

export interface DeskParts extends ReplayParts {
  /** `dead` below the storage path, whose lock this process holds. */
  readonly folder: string
  readonly store: DeadLetterStore
  readonly clock: Clock
}

/** What no notification told of is found within this time; so are letters whose replay failed. */
const pollMs = 10_000

/**
 * Where commands, which may not change the files of an agent that runs, hand in what they want done with its dead letters; and
 * from where letters are replayed. Both go on side by side: a replay may have to wait for room.
 */
export class DeadLetterDesk {
  readonly #parts: DeskParts
  readonly #stop = new AbortController()
  readonly #requests: Rounds
  readonly #replays: Rounds
  #watcher: FSWatcher | undefined
  #cancelPoll: Cancel | undefined

  constructor(parts: DeskParts) {
    this.#parts = parts
    this.#requests = new Rounds(() => this.#guarded(() => this.#answerAll()))
    this.#replays = new Rounds(() => this.#guarded(() => this.#replayAll()))
  }

  start(): void {
    this.#watch()
    this.#poll()
  }

  /** Resolves once no file is touched any more. Replays that are under way are not waited for: they are repeated. */
  async stop(): Promise<void> {
    this.#stop.abort(new AgentError('ENGINE_STOPPED', 'the agent is stopping'))
    this.#watcher?.close()
    this.#cancelPoll?.()
    await Promise.all([this.#requests.idle, this.#replays.idle])
  }

  #watch(): void {
    const { folder, log } = this.#parts
    try {
      mkdirSync(folder, { recursive: true })
      clearLeftovers(folder)
      this.#watcher = watch(folder, { persistent: false }, (kind, name) => this.#notified(kind, name))
      this.#watcher.on('error', () => this.#watcher?.close())
    } catch (error) {
      log.warn(`requests are found every ${pollMs / 1000} s only: ${messageOf(error)}`, { folder })
    }
  }

  /** Files come to be under another name, and are renamed when they are whole. */
  #notified(kind: string, name: string | null): void {
    if (kind !== 'rename') return
    if (name?.startsWith('request-') ?? true) this.#requests.ask()
    if (name?.startsWith('replay-') ?? true) this.#replays.ask()
  }

  #poll(): void {
    this.#requests.ask()
    this.#replays.ask()
    this.#cancelPoll = this.#parts.clock.after(pollMs, () => this.#poll())
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    if (this.#stop.signal.aborted) return
    await work().catch((error: unknown) => this.#parts.log.error(`dead letters: ${messageOf(error)}`))
  }

  async #answerAll(): Promise<void> {
    const { folder } = this.#parts
    for (const id of await waitingRequests(folder)) {
      if (this.#stop.signal.aborted) return
      const answer = await this.#answer(requestFile(folder, id))
      await replaceFile(answerFile(folder, id), JSON.stringify(answer))
      await removeFile(requestFile(folder, id))
    }
  }

  async #answer(path: string): Promise<LetterAnswer> {
    const { store, log } = this.#parts
    try {
      const request = await readRequest(path)
      const count = await carryOut(store, request)
      log.info(`dead letters: ${request.action}, as a command asked`, { ...count, ...request.filters })
      return count
    } catch (error) {
      return { error: messageOf(error) }
    }
  }

  async #replayAll(): Promise<void> {
    await replayFiles(this.#parts, this.#stop.signal)
  }
}

/**
 * What a crash left of files that were being made; and requests and answers, for which nobody waits any more: a command that
 * was killed must not drop anything days later.
 */
function clearLeftovers(folder: string): void {
  const names = readdirSync(folder).filter((name) => /^(letters|replay)-.*\.new$|^(request|answer)-/.test(name))
  for (const name of names) rmSync(join(folder, name), { force: true })
}
