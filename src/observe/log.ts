import type { Clock } from '../base/clock.js'

export type Level = 'error' | 'warn' | 'info' | 'debug'

/** The least severe lines that are written. Nothing is below `debug` here; `trace` is what Fluent Bit's users may write. */
export type Threshold = Level | 'off' | 'trace'

const severity: { readonly [threshold in Threshold]: number } = {
  off: 0,
  error: 1,
  warn: 2,
  info: 3,
  debug: 4,
  trace: 5,
}

/** What repeats within this time is counted, not written. */
const repeatMs = 60_000

/** How many lines of one instance are remembered to see whether they repeat, and of how many instances. */
const remembered = 64

export interface LogSettings {
  readonly level: Threshold
  /** Takes one line, without its newline. */
  readonly write: (line: string) => void
  /** Wraps text so that a terminal colours it; the identity where there is none. */
  readonly paint: (level: Level, text: string) => string
}

interface Repeat {
  readonly since: number
  suppressed: number
}

/**
 * The agent's own log: `time level instance message key=value …`, one line each. What an instance repeats is held back for a
 * minute and then counted; good news from it (`info`) is a change of state, after which its troubles are told afresh.
 */
export class Log {
  readonly #settings: LogSettings
  readonly #clock: Clock
  readonly #seen = new Map<string, Map<string, Repeat>>()

  constructor(settings: LogSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
  }

  write(level: Level, id: string, message: string, fields: object = {}): void {
    if (severity[level] > severity[this.#settings.level]) return
    if (level === 'info') this.#seen.delete(id)
    const repeated = this.#repeats(id, `${level} ${message}`)
    if (repeated === undefined) return
    const time = new Date(this.#clock.wall()).toISOString()
    const all = repeated > 0 ? { ...fields, repeated } : fields
    const text = [id, message, ...Object.entries(all).map(pair)].join(' ').replace(unprintable, escaped)
    this.#settings.write(`${time} ${this.#settings.paint(level, level.padEnd(5))} ${text}`)
  }

  /** How often this line came since it was last written, or undefined when it is not time to write it again. */
  #repeats(id: string, line: string): number | undefined {
    const now = this.#clock.monotonic()
    const lines = recalled(this.#seen, id, () => new Map<string, Repeat>())
    const seen = lines.get(line)
    if (seen && now - seen.since < repeatMs) {
      seen.suppressed++
      return undefined
    }
    if (lines.size >= remembered) lines.clear()
    lines.set(line, { since: now, suppressed: 0 })
    return seen?.suppressed ?? 0
  }
}

/** Names of files and answers of servers end up here: none of them may write a line of its own, or steer a terminal. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

function escaped(mark: string): string {
  return mark === '\n' ? String.raw`\n` : `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function recalled<V>(values: Map<string, V>, key: string, create: () => V): V {
  const known = values.get(key)
  if (known) return known
  if (values.size >= remembered) values.clear()
  const created = create()
  values.set(key, created)
  return created
}

function pair([key, value]: [string, unknown]): string {
  const text = typeof value === 'object' ? JSON.stringify(value, bigintAsText) : String(value)
  return `${key}=${/[\s"=]/.test(text) ? JSON.stringify(text) : text}`
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
