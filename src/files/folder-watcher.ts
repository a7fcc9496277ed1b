import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'

export interface Changes {
  /** A file was written to; its path is not always known. */
  changed(path: string | undefined): void
  /** A file came, went or was renamed. */
  moved(): void
}

/** A folder or, while there is none, the nearest one above it that there is. */
interface Place {
  readonly path: string
  /** Says when another folder took its name. */
  readonly identity: string
}

interface Watched {
  readonly watcher: FSWatcher
  readonly place: Place
}

/** Is notified of changes in folders. What it misses, or cannot watch, is found by looking at intervals. */
export class FolderWatcher {
  readonly #watched = new Map<string, Watched>()
  readonly #changes: Changes
  readonly #log: Logger
  #hasFailed = false

  constructor(changes: Changes, log: Logger) {
    this.#changes = changes
    this.#log = log
  }

  /** Watches these folders and no others; answers whether one of them was not watched before, or was another one. */
  watch(folders: ReadonlySet<string>): boolean {
    for (const [folder, watched] of this.#watched) {
      if (!folders.has(folder) || placeOf(folder).identity !== watched.place.identity) this.#stop(folder, watched)
    }
    const before = this.#watched.size
    for (const folder of folders) if (!this.#watched.has(folder)) this.#start(folder)
    return this.#watched.size > before
  }

  close(): void {
    for (const [folder, watched] of this.#watched) this.#stop(folder, watched)
  }

  #start(folder: string): void {
    try {
      const place = placeOf(folder)
      const watcher = watch(place.path, (kind, name) => this.#notified(folder, kind, name))
      const watched = { watcher, place }
      this.#watched.set(folder, watched)
      watcher.on('error', (error) => {
        this.#stop(folder, watched)
        this.#failed(folder, error)
      })
    } catch (error) {
      this.#failed(folder, error)
    }
  }

  /** What goes by the name of the watched folder may be that folder itself, of which nothing more is heard then. */
  #notified(folder: string, kind: string, name: string | null): void {
    const watched = this.#watched.get(folder)
    if (!watched) return
    const { path } = watched.place
    const named = name === null ? undefined : join(path, name)
    if (kind !== 'rename') return this.#changes.changed(named)
    const isItself = name === basename(path)
    if (isItself) this.#stop(folder, watched)
    if (isItself || path === folder || named === undefined || leadsTo(folder, named)) this.#changes.moved()
  }

  #stop(folder: string, { watcher }: Watched): void {
    this.#watched.delete(folder)
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

function placeOf(folder: string): Place {
  const above = dirname(folder)
  try {
    const { dev, ino } = statSync(folder)
    return { path: folder, identity: `${folder} ${dev}:${ino}` }
  } catch {
    return above === folder ? { path: folder, identity: '' } : placeOf(above) // which tells when this may have changed
  }
}

function leadsTo(folder: string, path: string): boolean {
  return `${folder}/`.startsWith(`${path}/`)
}
