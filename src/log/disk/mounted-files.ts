import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { AgentError } from '../../plugin/errors.js'
import type { LogFile, LogFiles } from './files.js'

/**
 * The files below a folder for as long as its file system is mounted. Where one is taken away while the agent runs, to be checked or
 * changed, there is an empty folder of another in its place: what is not found there is not gone, and what would be written there would
 * be hidden once it is back. Until then everything but files that are open rejects with `LOG_NOT_MOUNTED`. The folder is there when the first of them is asked for.
 */
export class MountedFiles implements LogFiles {
  readonly #files: LogFiles
  readonly #folder: string
  #point: Promise<string | undefined> | undefined

  constructor(files: LogFiles, folder: string) {
    this.#files = files
    this.#folder = folder
  }

  makeFolder(path: string): Promise<void> {
    return this.#whileMounted((files) => files.makeFolder(path))
  }

  list(path: string): Promise<readonly string[]> {
    return this.#whileMounted((files) => files.list(path))
  }

  create(path: string): Promise<LogFile> {
    return this.#whileMounted((files) => files.create(path))
  }

  open(path: string, mode: 'read' | 'change'): Promise<LogFile> {
    return this.#whileMounted((files) => files.open(path, mode))
  }

  rename(from: string, to: string): Promise<void> {
    return this.#whileMounted((files) => files.rename(from, to))
  }

  remove(path: string): Promise<void> {
    return this.#whileMounted((files) => files.remove(path))
  }

  syncFolder(path: string): Promise<void> {
    return this.#whileMounted((files) => files.syncFolder(path))
  }

  async #whileMounted<T>(work: (files: LogFiles) => Promise<T>): Promise<T> {
    this.#point ??= mountPointOf(this.#folder)
    await assertMounted(await this.#point)
    return work(this.#files)
  }
}

/** Where the file system that has this folder is mounted; undefined for the one of `/`, which is always there. */
async function mountPointOf(folder: string): Promise<string | undefined> {
  let path = await realpath(folder)
  while (path !== dirname(path) && (await isOfOne(path, dirname(path)))) path = dirname(path)
  return path === dirname(path) ? undefined : path
}

async function assertMounted(point: string | undefined): Promise<void> {
  if (point === undefined || !(await isOfOne(point, dirname(point)))) return
  throw new AgentError('LOG_NOT_MOUNTED', `"${point}": expected a file system, got none; mount it again`)
}

/** Whether both are of the same file system. */
async function isOfOne(path: string, other: string): Promise<boolean> {
  const [one, another] = await Promise.all([stat(path), stat(other)])
  return one.dev === another.dev
}
