import type { EventRecord } from '../../src/event/event.js'
import type { Logger, StateStore } from '../../src/plugin/context.js'

interface Line {
  readonly level: keyof Logger
  readonly message: string
  readonly fields: EventRecord | undefined
}

/** A log that keeps its lines. */
export class RecordingLogger implements Logger {
  readonly lines: Line[] = []
  #watching: (() => void)[] = []

  /** The first line with this message, as soon as there is one. */
  async line(message: string): Promise<Line> {
    for (;;) {
      const found = this.lines.find((line) => line.message === message)
      if (found) return found
      await new Promise<void>((resolve) => this.#watching.push(resolve))
    }
  }

  error(message: string, fields?: EventRecord): void {
    this.#add({ level: 'error', message, fields })
  }

  warn(message: string, fields?: EventRecord): void {
    this.#add({ level: 'warn', message, fields })
  }

  info(message: string, fields?: EventRecord): void {
    this.#add({ level: 'info', message, fields })
  }

  debug(message: string, fields?: EventRecord): void {
    this.#add({ level: 'debug', message, fields })
  }

  #add(line: Line): void {
    this.lines.push(line)
    for (const resolve of this.#watching.splice(0)) resolve()
  }
}

/** State that lives as long as the test. */
export function memoryState(): StateStore {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    delete: (key) => void values.delete(key),
    flush: () => Promise.resolve(),
  }
}
