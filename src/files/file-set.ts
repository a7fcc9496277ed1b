import type { Stats } from 'node:fs'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { InputContext } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import { FollowedFile } from './followed-file.js'
import { expandGlob, type Found, type Glob } from './glob.js'
import { hasHead, noHead } from './head.js'
import { NoFiles } from './no-files.js'
import { Positions } from './positions.js'
import { isYounger, rotatedSince } from './rotated.js'

export interface FollowSettings {
  readonly globs: readonly Glob[]
  readonly excluded: readonly RegExp[]
  /** Files that are there at the very first start are read from their beginning. */
  readonly fromHead: boolean
  /** Files that were not written to for longer are left out; 0 leaves out none. */
  readonly ignoreOlderMs: number
}

/** The files that are read, known by device and inode whatever their names become. */
export class FileSet {
  readonly #settings: FollowSettings
  readonly #context: InputContext
  readonly #positions: Positions
  readonly #noFiles: NoFiles
  readonly #files = new Map<string, FollowedFile>()
  #found: Found = { paths: new Set(), folders: new Set() }
  #isFirst = true

  constructor(settings: FollowSettings, context: InputContext) {
    this.#settings = settings
    this.#context = context
    this.#positions = new Positions(context.state)
    this.#noFiles = new NoFiles(settings.globs, context.log)
  }

  get all(): Iterable<FollowedFile> {
    return this.#files.values()
  }

  get folders(): ReadonlySet<string> {
    return this.#found.folders
  }

  /** Opens files that are new, and notes those that no path leads to any more. */
  async refresh(): Promise<void> {
    this.#found = { paths: new Set(), folders: new Set() }
    for (const glob of this.#settings.globs) await expandGlob(glob, this.#found)
    const listed = new Set<string>()
    for (const path of this.#found.paths) {
      if (this.#settings.excluded.some((pattern) => pattern.test(path))) this.#found.paths.delete(path)
    }
    for (const path of this.#found.paths) {
      const identity = await this.#attempt(path, () => this.#consider(path))
      if (identity !== undefined) listed.add(identity)
    }
    this.#noteGone(listed)
    if (this.#isFirst) await this.#finishRotated(listed)
    this.#isFirst = false
  }

  /** The file of this path was written to, or a rotated one whose new name is not known; answers whether any was. */
  markChanged(path: string | undefined): boolean {
    let isOurs = false
    for (const file of this.#files.values()) {
      if (path !== undefined && file.path !== path && file.goneSince === undefined) continue
      file.changed = true
      isOurs = true
    }
    return isOurs
  }

  /** Reads no more of a file that is gone. */
  async retire(file: FollowedFile): Promise<void> {
    this.#files.delete(file.identity)
    await file.retire()
  }

  /** Gives a file up that cannot be read; the next refresh tries again. */
  async giveUp(file: FollowedFile, error: unknown): Promise<void> {
    this.#report(file.path, error)
    this.#files.delete(file.identity)
    await file.handle.close()
  }

  async close(): Promise<void> {
    const files = [...this.#files.values()]
    this.#files.clear()
    await Promise.all(files.map((file) => file.handle.close()))
  }

  async #consider(path: string): Promise<string | undefined> {
    const stats = await stat(path)
    if (!stats.isFile()) {
      this.#noFiles.tell(path, stats)
      return undefined // opening a pipe would wait for its writer
    }
    const identity = identityOf(stats)
    if (this.#files.has(identity)) return identity
    await this.#openMissed(path)
    if (this.#isTooOld(stats)) this.#passOver(identity, path, stats.size)
    else await this.#attempt(path, () => this.#open(path, identity))
    return identity
  }

  #isTooOld({ mtimeMs }: Stats): boolean {
    const { ignoreOlderMs } = this.#settings
    return ignoreOlderMs > 0 && this.#context.clock.wall() - mtimeMs > ignoreOlderMs
  }

  /** When it is written to again, only what is new is read, as of any file that was there at the first start. */
  #passOver(identity: string, path: string, size: number): void {
    if (this.#startsAtEnd && !this.#positions.get(identity)) {
      this.#positions.save(identity, { path, offset: size, head: noHead })
    }
  }

  get #startsAtEnd(): boolean {
    return this.#isFirst && this.#positions.isNew && !this.#settings.fromHead
  }

  async #open(path: string, expected: string): Promise<void> {
    const handle = await open(path)
    try {
      const stats = await handle.stat()
      if (identityOf(stats) === expected) await this.#add(handle, path, stats)
      else await handle.close() // it was replaced just now; the notification of that leads to the next refresh
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /**
   * A path that leads to another file than before may have led to some more meanwhile, which lie beside it under other names.
   * They are opened before the new one, so that lines come in order, until none is left: a rotation goes on while we look.
   */
  async #openMissed(path: string): Promise<void> {
    const before = [...this.#files.values()].findLast((file) => file.path === path)
    if (!before) return
    const since = await before.handle.stat()
    for (let found = true; found;) {
      found = false
      for (const beside of (await this.#attempt(path, () => rotatedSince(path, since))) ?? []) {
        if (this.#found.paths.has(beside)) continue
        found = (await this.#attempt(beside, () => this.#openRotated(beside, before, since))) === true || found
      }
    }
  }

  /** Answers whether it was one that is not read yet. */
  async #openRotated(beside: string, before: FollowedFile, since: Stats): Promise<boolean> {
    const handle = await open(beside)
    try {
      const stats = await handle.stat() // what is found by a name may be another file now
      if (!this.#files.has(identityOf(stats)) && isYounger(stats, since) && !(await before.isCopiedIn(handle))) {
        const file = await this.#add(handle, before.path, stats)
        file.leave(this.#context.clock.monotonic())
        return true
      }
    } catch (error) {
      await handle.close()
      throw error
    }
    await handle.close()
    return false
  }

  async #add(handle: FileHandle, path: string, stats: Stats): Promise<FollowedFile> {
    const identity = identityOf(stats)
    const offset = await this.#startOf(handle, identity, stats.size)
    const file = new FollowedFile({ handle, identity, path }, offset, this.#positions)
    await file.learnHead(offset)
    file.savePosition(offset)
    this.#files.set(identity, file)
    this.#context.count('opened_files')
    this.#context.log.debug('reading file', { path, offset })
    return file
  }

  async #startOf(handle: FileHandle, identity: string, size: number): Promise<number> {
    const known = this.#positions.get(identity)
    if (!known) return this.#startsAtEnd ? size : 0
    return known.offset <= size && (await hasHead(handle, known.head)) ? known.offset : 0
  }

  #noteGone(listed: ReadonlySet<string>): void {
    for (const file of this.#files.values()) {
      if (listed.has(file.identity)) file.goneSince = undefined
      else if (file.goneSince === undefined) file.leave(this.#context.clock.monotonic())
    }
  }

  /** Files that were rotated while the agent was away are looked for beside their old names, and read to their ends. */
  async #finishRotated(listed: ReadonlySet<string>): Promise<void> {
    for (const identity of this.#positions.identities) {
      const known = listed.has(identity) ? undefined : this.#positions.get(identity)
      if (!known) continue
      const isFound = await this.#attempt(known.path, () => this.#finish(identity, known.path))
      if (isFound === false) this.#positions.forget(identity) // where the folder cannot be read nobody knows
    }
  }

  /** Answers whether the file is still there. */
  async #finish(identity: string, path: string): Promise<boolean> {
    const folder = dirname(path)
    for (const name of await readdir(folder)) {
      const found = await stat(join(folder, name)).catch(() => undefined) // it went meanwhile
      if (!found?.isFile() || identityOf(found) !== identity) continue
      if (join(folder, name) === path) return true // it was not rotated: it came just now, or is not wanted any more
      const handle = await open(join(folder, name))
      const file = await this.#add(handle, path, await handle.stat())
      file.leave(this.#context.clock.monotonic())
      return true
    }
    return false
  }

  async #attempt<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.#report(path, error)
      return undefined
    }
  }

  /** That a path leads nowhere is how it is until the file is written. */
  #report(path: string, error: unknown): void {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    this.#context.count('unreadable_files')
    this.#context.log.warn(`file not read: ${messageOf(error)}`, { path })
  }
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`
}
