import type { LogFile, LogFiles } from './files.js'
import type { Mount } from './mount.js'

/** Files for as long as their file system is mounted: until it is again, everything but files that are open rejects. */
export class MountedFiles implements LogFiles {
  readonly #files: LogFiles
  readonly #mount: Mount

  constructor(files: LogFiles, mount: Mount) {
    this.#files = files
    this.#mount = mount
  }

  makeFolder(path: string): Promise<void> {
    return this.#mount.during(() => this.#files.makeFolder(path))
  }

  list(path: string): Promise<readonly string[]> {
    return this.#mount.during(() => this.#files.list(path))
  }

  create(path: string): Promise<LogFile> {
    return this.#mount.during(() => this.#files.create(path))
  }

  open(path: string, mode: 'read' | 'change'): Promise<LogFile> {
    return this.#mount.during(() => this.#files.open(path, mode))
  }

  rename(from: string, to: string): Promise<void> {
    return this.#mount.during(() => this.#files.rename(from, to))
  }

  remove(path: string): Promise<void> {
    return this.#mount.during(() => this.#files.remove(path))
  }

  syncFolder(path: string): Promise<void> {
    return this.#mount.during(() => this.#files.syncFolder(path))
  }
}
