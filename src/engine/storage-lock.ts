import { constants, copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Clock } from '../base/clock.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { isAlive, ownIdentity, type ProcessIdentity, readIdentity } from './process-identity.js'

const lookAgainMs = 100

/**
 * The file `lock` below a storage path: it names the process that alone may change what is there. One that was left by a
 * process that is gone, by another boot, or by this very process is taken over.
 *
 * A name can be linked to once, so of many processes one makes the lock. To replace a stale one a process needs the lock on
 * doing so, `lock.NONCE`, named after the stale one: otherwise two that saw it together could replace each other's.
 *
 * Processes in other pid namespaces (containers that share the folder) cannot be seen, and count as gone.
 */
export class StorageLock {
  readonly #path: string
  readonly #own: ProcessIdentity

  private constructor(path: string, own: ProcessIdentity) {
    this.#path = path
    this.#own = own
  }

  /** Throws an AgentError `ENGINE_STORAGE_LOCKED` where a process that runs holds it. */
  static take(folder: string): StorageLock {
    const path = join(folder, 'lock')
    const own = ownIdentity()
    try {
      mkdirSync(folder, { recursive: true })
      makeLock(path, own, folder)
    } catch (error) {
      if (error instanceof AgentError) throw error
      const text = `"${folder}": expected a folder that can be written to, got ${messageOf(error)}; name another storage.path`
      throw new AgentError('ENGINE_STORAGE_UNUSABLE', text, { cause: error })
    }
    return new StorageLock(path, own)
  }

  /** Waits for a command that holds it for a moment. */
  static async takeWithin(folder: string, waitMs: number, clock: Clock): Promise<StorageLock> {
    for (const deadline = clock.monotonic() + waitMs; clock.monotonic() < deadline; await clock.sleep(lookAgainMs)) {
      if (StorageLock.holder(folder) === undefined) break
    }
    return StorageLock.take(folder)
  }

  /** The pid of the process that holds it, if there is one that runs. */
  static holder(folder: string): number | undefined {
    const holder = holderOf(join(folder, 'lock'))
    return holder && isForeign(holder) ? holder.pid : undefined
  }

  /** Gives the folder free, unless another agent of this process has taken it over. */
  release(): void {
    if (holderOf(this.#path)?.nonce === this.#own.nonce) rmSync(this.#path, { force: true })
  }
}

function makeLock(path: string, own: ProcessIdentity, folder: string): void {
  const prepared = `${path}.by-${own.nonce}`
  try {
    writeFileSync(prepared, `${JSON.stringify(own)}\n`, { flag: 'wx', mode: 0o644 })
    takeFile(path, prepared, folder)
  } finally {
    rmSync(prepared, { force: true })
  }
}

/** Makes `path` a name of the file `prepared`. */
function takeFile(path: string, prepared: string, folder: string): void {
  while (!linked(prepared, path)) {
    const holder = holderOf(path)
    if (holder && isForeign(holder)) throw locked(folder, holder)
    if (holder !== null) replaceStale(path, prepared, folder, holder?.nonce ?? 'torn')
  }
}

/** Makes way for the next try, which finds the lock free unless another process was first. */
function replaceStale(path: string, prepared: string, folder: string, nonce: string): void {
  const right = `${path}.${nonce}`
  takeFile(right, prepared, folder)
  const holder = holderOf(path)
  if (holder !== null && (holder?.nonce ?? 'torn') === nonce) rmSync(path)
  rmSync(right, { force: true })
}

/** False where there is such a file already. It comes to be with all its bytes, save where the file system has no links (FAT). */
function linked(prepared: string, path: string): boolean {
  try {
    linkOrCopy(prepared, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function linkOrCopy(prepared: string, path: string): void {
  try {
    linkSync(prepared, path)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error
    copyFileSync(prepared, path, constants.COPYFILE_EXCL)
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

/** Undefined for a lock that names nobody, null for none. */
function holderOf(path: string): ProcessIdentity | undefined | null {
  try {
    return readIdentity(readFileSync(path, 'utf8'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function isForeign(holder: ProcessIdentity): boolean {
  return holder.pid !== process.pid && isAlive(holder)
}

function locked(folder: string, { pid }: ProcessIdentity): AgentError {
  return new AgentError(
    'ENGINE_STORAGE_LOCKED',
    `"${folder}": expected a storage.path that nobody uses, got that of process ${pid}; stop it, or name another folder`,
  )
}
