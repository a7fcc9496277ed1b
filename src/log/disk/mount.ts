import { open, realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { AgentError } from '../../plugin/errors.js'

/** The root of a folder's file system; undefined for that of `/`, which is always there. */
type MountPoint = string | undefined

/**
 * The file system that has a folder. Where one is taken away while the agent runs, to be checked or changed, there is an empty folder of
 * another in its place: what is not found there is not gone, and what would be written there would be hidden once it is back.
 */
export class Mount {
  readonly #folder: string
  #point: Promise<MountPoint> | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Does what needs the file system while nobody can take it away; rejects with `LOG_NOT_MOUNTED` where somebody has. Which one it
   * is shows as soon as the folder is there: until then work is done anywhere.
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const point = await this.#found()
    if (point === undefined) return work()
    const held = await open(point, 'r') // what has an open file cannot be unmounted
    try {
      await assertMounted(point)
      return await work()
    } finally {
      await held.close()
    }
  }

  #found(): Promise<MountPoint> {
    this.#point ??= mountPointOf(this.#folder).catch(() => {
      this.#point = undefined
      return undefined
    })
    return this.#point
  }
}

async function mountPointOf(folder: string): Promise<MountPoint> {
  let path = await realpath(folder)
  while (path !== dirname(path) && (await isOfOne(path, dirname(path)))) path = dirname(path)
  return path === dirname(path) ? undefined : path
}

async function assertMounted(point: string): Promise<void> {
  if (!(await isOfOne(point, dirname(point)))) return
  throw new AgentError('LOG_NOT_MOUNTED', `"${point}": expected a file system, got none; mount it again`)
}

/** Whether both are of the same file system. */
async function isOfOne(path: string, other: string): Promise<boolean> {
  const [one, another] = await Promise.all([stat(path), stat(other)])
  return one.dev === another.dev
}
