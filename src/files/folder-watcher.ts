import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'

export interface Changes {
  /** A file was written to; its path is not always known. */
  changed(path: string | undefined): void
  /** A file came, went or was renamed. */
  moved(): void
}

/** Is notified of changes in folders. What it misses, or cannot watch, is found by looking at intervals. */
export class FolderWatcher {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #changes: Changes
  readonly #log: Logger
  #hasFailed = false

  constructor(changes: Changes, log: Logger) {
    this.#changes = changes
    this.#log = log
  }

  /** Watches these folders and no others; answers whether one of them was not watched before. */
  watch(folders: ReadonlySet<string>): boolean {
    for (const [folder, watcher] of this.#watchers) if (!folders.has(folder)) this.#stop(folder, watcher)
    const before = this.#watchers.size
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#start(folder)
    return this.#watchers.size > before
  }

  close(): void {
    for (const [folder, watcher] of this.#watchers) this.#stop(folder, watcher)
  }

  #start(folder: string): void {
    try {
      const watcher = watch(folder, (kind, name) => {
        if (kind === 'rename') this.#changes.moved()
        else this.#changes.changed(name === null ? undefined : join(folder, name))
      })
      this.#watchers.set(folder, watcher)
      watcher.on('error', (error) => {
        this.#stop(folder, watcher)
        this.#failed(folder, error)
      })
    } catch (error) {
      this.#failed(folder, error)
    }
  }

  #stop(folder: string, watcher: FSWatcher): void {
    this.#watchers.delete(folder)
    watcher.close()
  }

  /** Folders that do not exist yet are no trouble; one line is enough for those that are. */
  #failed(folder: string, error: unknown): void {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing || this.#hasFailed) return
    this.#hasFailed = true
    this.#log.warn(`changes are found at intervals only: ${messageOf(error)}`, { folder })
  }
}
