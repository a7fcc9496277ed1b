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

  error(message: string, fields?: EventRecord): void {
    this.lines.push({ level: 'error', message, fields })
  }

  warn(message: string, fields?: EventRecord): void {
    this.lines.push({ level: 'warn', message, fields })
  }

  info(message: string, fields?: EventRecord): void {
    this.lines.push({ level: 'info', message, fields })
  }

  debug(message: string, fields?: EventRecord): void {
    this.lines.push({ level: 'debug', message, fields })
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
