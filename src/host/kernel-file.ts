import { closeSync, openSync, readSync } from 'node:fs'

/**
 * A small file below /proc or /sys that is read again and again. It stays open, and each reading starts at its beginning: a
 * third of the cost of opening it anew. A file of one process stays with that process, whoever gets its number next.
 *
 * The kernel makes the text while it is read, from memory: nothing here waits, so readings are synchronous.
 */
export class KernelFile {
  readonly path: string
  #file: number | undefined
  #buffer = Buffer.allocUnsafeSlow(4096)

  constructor(path: string) {
    this.path = path
  }

  /** The whole text as it is now. Throws what the system throws; the next reading then opens the file anew. */
  read(): string {
    try {
      this.#file ??= openSync(this.path, 'r')
      const filled = this.#fill(this.#file) // before #buffer is looked at: it may be another one after
      return this.#buffer.toString('utf8', 0, filled)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Harmless when it is not open. */
  close(): void {
    if (this.#file === undefined) return
    closeSync(this.#file)
    this.#file = undefined
  }

  /** The kernel hands such files out by the page, so only an empty read is the end (proc_pid(5) is silent on this; seq_file.c). */
  #fill(file: number): number {
    let filled = 0
    for (;;) {
      if (filled === this.#buffer.length) this.#grow()
      const more = readSync(file, this.#buffer, filled, this.#buffer.length - filled, filled)
      if (more === 0) return filled
      filled += more
    }
  }

  #grow(): void {
    const grown = Buffer.allocUnsafeSlow(this.#buffer.length * 2)
    this.#buffer.copy(grown)
    this.#buffer = grown
  }
}
