import type { Stats } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../plugin/context.js'
import type { Glob } from './glob.js'

/** Says once of each path that somebody wrote as it is that no file goes by it. What a pattern brings by the way is left alone. */
export class NoFiles {
  readonly #untold: Set<string>
  readonly #log: Logger

  constructor(globs: readonly Glob[], log: Logger) {
    const plain = globs.filter(({ segments }) => segments.every((segment) => typeof segment === 'string'))
    this.#untold = new Set(plain.map(({ root, segments }) => join(root, ...(segments as string[]))))
    this.#log = log
  }

  tell(path: string, stats: Stats): void {
    if (!this.#untold.delete(path)) return
    const got = stats.isDirectory() ? `a folder; write "${join(path, '*')}" for the files in it` : 'a pipe or a device'
    this.#log.warn(`path: expected a file, got ${got}`, { path })
  }
}
