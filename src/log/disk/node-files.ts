import type { BigIntStats } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

import { syncData, syncFolder } from '../../base/durable-file.js'
import type { LogFile, LogFiles } from './files.js'

/** Events may be anybody's business data: the files are for the agent and its group. */
const fileMode = 0o640
const folderMode = 0o750

/** The machine's own file system. */
export const nodeFiles: LogFiles = {
  async makeFolder(path) {
    const first = await mkdir(path, { recursive: true, mode: folderMode })
    if (first === undefined) return
    for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
  },
  list: (path) => readdir(path),
  create: async (path) => new NodeFile(path, await open(path, 'wx+', fileMode), 0),
  open: async (path, mode) => new NodeFile(path, await open(path, mode === 'read' ? 'r' : 'r+')),
  rename,
  remove: unlink,
  syncFolder,
}

class NodeFile implements LogFile {
  readonly #path: string
  readonly #handle: FileHandle
  #opened: Promise<BigIntStats> | undefined
  /** Of a file that was made here, so that no sync has to ask for it. */
  #size: number | undefined

  constructor(path: string, handle: FileHandle, size?: number) {
    this.#path = path
    this.#handle = handle
    this.#size = size
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size
  }

  async named(): Promise<boolean> {
    const [own, found] = await Promise.all([
      this.#asOpened(),
      stat(this.#path, { bigint: true }).catch(() => undefined), // there is none, or it cannot be seen
    ])
    return found?.ino === own.ino && found.dev === own.dev
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    let total = 0
    while (total < into.length) {
      const { bytesRead } = await this.#handle.read(into, total, into.length - total, position + total)
      if (bytesRead === 0) break
      total += bytesRead
    }
    return total
  }

  async write(parts: readonly Uint8Array[], position: number): Promise<void> {
    let rest = parts
    let at = position
    while (rest.length > 0) {
      const { bytesWritten } = await this.#handle.writev(rest, at)
      at += bytesWritten
      if (this.#size !== undefined) this.#size = Math.max(this.#size, at)
      rest = without(rest, bytesWritten)
    }
  }

  async truncate(size: number): Promise<void> {
    await this.#handle.truncate(size)
    if (this.#size !== undefined) this.#size = size
  }

  sync(): Promise<void> {
    return syncData(this.#handle, this.#size)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  /** Asked for once: which file it is does not change. */
  #asOpened(): Promise<BigIntStats> {
    return (this.#opened ??= this.#handle.stat({ bigint: true }))
  }
}

/** What is left of the parts once their first bytes are written: a write may be cut short. */
function without(parts: readonly Uint8Array[], written: number): readonly Uint8Array[] {
  let left = written
  let index = 0
  for (; index < parts.length; index++) {
    const { length } = parts[index] as Uint8Array
    if (length > left) break
    left -= length
  }
  const [part, ...rest] = parts.slice(index)
  return part ? [part.subarray(left), ...rest] : []
}
