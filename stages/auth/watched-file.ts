import { closeSync, constants, fstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs'
import { AgentError, messageOf, type PluginContext } from 'sluice/plugin'

const longestBytes = 4 * 2 ** 20

/** What a small file says, read anew when it has changed. While it cannot be read, what it said last holds. */
export class WatchedFile<T> {
  readonly #path: string
  readonly #parse: (content: string) => T
  #value: T
  #state = ''

  /** `parse` gives what an empty file says, too: that holds until there is a file. */
  constructor(path: string, parse: (content: string) => T) {
    this.#path = path
    this.#parse = parse
    this.#value = parse('')
  }

  get value(): T {
    return this.#value
  }

  /** Reads the file if it has changed. It is small, and read at once: no request waits for a list that is half there. */
  refresh(context: Pick<PluginContext, 'log' | 'count'>): void {
    try {
      const state = stateOf(statSync(this.#path))
      if (state === this.#state) return
      this.#state = state
      this.#value = this.#parse(readSmall(this.#path))
      context.log.info('read', { file: this.#path })
    } catch (error) {
      context.count('broken_files')
      context.log.error('file cannot be read; what it said last holds', { file: this.#path, reason: messageOf(error) })
    }
  }
}

function stateOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`
}

function readSmall(path: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size > longestBytes)
      throw new AgentError('AUTH_FILE', `expected a file of at most ${longestBytes} bytes`)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}
