import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'

/** A file or folder that was found below the root; whoever gets one closes it. */
export interface Found {
  readonly handle: FileHandle
  /** Where it really is. */
  readonly path: string
  readonly isFolder: boolean
  readonly size: number
  /** Nanoseconds since 1970. */
  readonly modifiedNs: bigint
}

/** A folder and all that is below it; symbolic links count as long as they lead there too. */
export class RootFolder {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** Throws where the root itself is not there. */
  async check(): Promise<void> {
    await realpath(this.#root)
  }

  /** Undefined where there is nothing that could be served: nothing at all, a FIFO or a device, or what is not below the root. */
  async open(names: readonly string[]): Promise<Found | undefined> {
    try {
      const [root, path] = await Promise.all([realpath(this.#root), realpath(join(this.#root, ...names))])
      return isWithin(path, root) ? await openAt(path) : undefined
    } catch (error) {
      if (isAbsence(error)) return undefined
      throw error
    }
  }

  /** The same of files alone. */
  async openFile(names: readonly string[]): Promise<Found | undefined> {
    const found = await this.open(names)
    if (found?.isFolder !== true) return found
    await found.handle.close()
    return undefined
  }
}

/** Lends what was opened, and closes it afterwards. */
export async function lend<T>(found: Found, use: (found: Found) => Promise<T>): Promise<T> {
  try {
    return await use(found)
  } finally {
    await found.handle.close()
  }
}

/** O_NONBLOCK: a FIFO would make the opening wait for whoever writes to it. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

async function openAt(path: string): Promise<Found | undefined> {
  const handle = await open(path, flags)
  try {
    const found = await foundBy(handle, path)
    if (!found) await handle.close()
    return found
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function foundBy(handle: FileHandle, path: string): Promise<Found | undefined> {
  const [stats, opened] = await Promise.all([handle.stat({ bigint: true }), openedPath(handle, path)])
  const isFolder = stats.isDirectory()
  if (!(isFolder || stats.isFile()) || (opened !== path && opened !== `${path} (deleted)`)) return undefined
  return { handle, path, isFolder, size: Number(stats.size), modifiedNs: stats.mtimeNs }
}

/**
 * A folder of the path may have become a link to elsewhere since it was looked at: what counts is what was opened. Systems without
 * /proc have the look before alone.
 */
function openedPath({ fd }: FileHandle, path: string): Promise<string> {
  return readlink(`/proc/self/fd/${fd}`).catch(() => path)
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`)
}

const absences: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'ENXIO']

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && absences.includes(error.code)
}
