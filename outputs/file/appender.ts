import { AgentError, messageOf } from 'sluice/plugin'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes the bytes: of a file that begins, or of one that goes on. */
export type Piece = (isFirst: boolean) => Uint8Array

export interface AppendSettings {
  readonly mode: number
  /** Resolve once the bytes are on the disk, not in the system's cache. */
  readonly sync: boolean
  readonly mkdir: boolean
  /** False: a file that is there at the first write is emptied. */
  readonly append: boolean
  /** A file that would grow beyond this is moved away first; Infinity for never. */
  readonly rotateBytes: number
  /** How many files that were moved away are kept. */
  readonly rotateKeep: number
  /** Frames of the format end with a newline. */
  readonly lines: boolean
}

const newline = 0x0a

/**
 * Appends to files by path. Each call opens the file anew: one that logrotate has moved away or deleted is there again with the
 * next call, and any number of files needs no handles between calls.
 */
export class Appender {
  readonly #settings: AppendSettings
  readonly #begun = new Set<string>()

  constructor(settings: AppendSettings) {
    this.#settings = settings
  }

  /** All of the bytes are in the file, or none of them. What an earlier run left is not gone on with: a piece after it is a first. */
  async append(path: string, piece: Piece): Promise<void> {
    const next = piece(!this.#begun.has(path))
    try {
      if (this.#settings.mkdir) await mkdir(dirname(path), { recursive: true })
      const file = await this.#openWithRoom(path, next.length)
      try {
        await this.#write(file, path, next, piece)
      } finally {
        await file.close()
      }
    } catch (error) {
      throw new AgentError('FILE_WRITE', `"${path}": cannot write: ${messageOf(error)}`, { cause: error })
    }
  }

  async #openWithRoom(path: string, length: number): Promise<FileHandle> {
    const file = await this.#open(path)
    const { size } = await file.stat()
    if (size === 0 || size + length <= this.#settings.rotateBytes) return file
    await file.close()
    await rotate(path, this.#settings.rotateKeep)
    return this.#open(path)
  }

  async #open(path: string): Promise<FileHandle> {
    const { append, mode } = this.#settings
    // Read as well as write: the end of what an earlier run left is looked at.
    const file = await open(path, 'a+', mode)
    if (!append && !this.#begun.has(path)) await file.truncate(0)
    return file
  }

  async #write(file: FileHandle, path: string, next: Uint8Array, piece: Piece): Promise<void> {
    const { size } = await file.stat()
    // The file before was moved away, by us or by logrotate.
    const bytes = size === 0 && this.#begun.has(path) ? piece(true) : next
    try {
      if (!this.#begun.has(path) && this.#settings.lines && (await endsTorn(file, size))) await file.appendFile('\n')
      await file.appendFile(bytes)
      if (this.#settings.sync) await file.datasync()
    } catch (error) {
      // The retry writes all of it again: no half of it may stay. Where even that fails, the first error tells more.
      await file.truncate(size).catch(() => undefined)
      throw error
    }
    this.#begun.add(path)
    if (this.#settings.sync && size === 0) await syncDirectory(dirname(path))
  }
}

/** A run that was killed while it wrote leaves half a line, which the first event of this run must not be glued to. */
async function endsTorn(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] !== newline
}

/** `name` becomes `name.1`, `name.1` becomes `name.2`, and the last of them goes. */
async function rotate(path: string, keep: number): Promise<void> {
  if (keep === 0) return rm(path)
  for (let age = keep - 1; age >= 1; age--) await renameIfThere(`${path}.${age}`, `${path}.${age + 1}`)
  await rename(path, `${path}.1`)
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** A new file's name survives a power cut only once its directory is on the disk too. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
