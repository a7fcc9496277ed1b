import { appendFileSync, renameSync, truncateSync } from 'node:fs'
import type { TestContext } from 'node:test'
import tail from '../../inputs/tail/index.js'
import { systemClock } from '../../src/base/clock.js'
import type { StateStore } from '../../src/plugin/context.js'
import { RecordingInputContext } from './input-context.js'
import { optionsOf } from './options.js'
import { parserNamed } from './parsers.js'
import { type Run, running } from './running.js'
import { Tree } from './tree.js'
import { within } from './within.js'

const longestMs = 20_000

/** Looks often, so that no test waits. */
const quick = { watcher_interval: '20ms', refresh_interval: '50ms', rotate_wait: '50ms' }

/** A folder of logs, and the input that tails them. */
export class Logs {
  readonly tree: Tree
  readonly #t: TestContext

  constructor(t: TestContext, files: { readonly [path: string]: string } = {}) {
    this.#t = t
    this.tree = new Tree(t, files)
  }

  path(path: string): string {
    return this.tree.path(path)
  }

  append(path: string, text: string | Uint8Array): void {
    appendFileSync(this.path(path), text)
  }

  rename(from: string, to: string): void {
    renameSync(this.path(from), this.path(to))
  }

  truncate(path: string, size = 0): void {
    truncateSync(this.path(path), size)
  }

  /** Tails `*.log` from the head unless told otherwise; with a `state` it goes on where an earlier one ended. */
  async tail(raw: object = {}, state?: StateStore): Promise<Tailing> {
    const context = new RecordingInputContext(systemClock, parserNamed)
    if (state) Object.assign(context, { state })
    const options = { path: this.path('*.log'), read_from_head: true, ...quick, ...raw }
    return new Tailing(context, await running(this.#t, tail.create(optionsOf(tail, options), context)))
  }
}

export class Tailing {
  readonly context: RecordingInputContext
  readonly run: Run

  constructor(context: RecordingInputContext, run: Run) {
    this.context = context
    this.run = run
  }

  /** All lines so far, once there are this many. */
  async lines(count: number): Promise<string[]> {
    await within(longestMs, this.context.received(count), `${count} lines`)
    return this.context.records.map((record) => record['log'] as string)
  }

  /** Resolves once this many files were opened. */
  opened(count: number): Promise<void> {
    const opened = this.context.until(() => (this.context.counted['opened_files'] ?? 0) >= count)
    return within(longestMs, opened, `${count} open files`)
  }

  ackAll(error?: Error): void {
    for (const ack of this.context.acks.splice(0)) ack?.(error)
  }
}

/** Lines that tell their places. */
export function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_none, index) => `line ${from + index}`)
}

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
