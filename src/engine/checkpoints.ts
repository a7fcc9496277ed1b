import type { Cancel, Clock } from '../base/clock.js'
import type { Appender } from '../log/appender.js'
import { type Checkpoint, writeCheckpoint } from '../log/checkpoint.js'
import type { LogFiles } from '../log/disk/files.js'
import type { InputFigures, Ledger, LedgerFigures } from '../observe/ledger.js'
import type { Logger } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'
import type { BuiltLane } from './lanes.js'
import { filterInput } from './settings.js'

export interface CheckpointSettings {
  readonly path: string
  /** How often it is written while there are events on disk, in milliseconds. */
  readonly intervalMs: number
}

export interface CheckpointParts {
  /** Those that are on disk. */
  readonly lanes: readonly BuiltLane[]
  readonly ledger: Ledger
  /** The writing ends of all inputs, and of filters that make events, by the ids that their chunks have. */
  readonly appenders: ReadonlyMap<string, Appender>
  readonly files: LogFiles
  readonly clock: Clock
  readonly log: Logger
}

/** With nothing on disk only the ledger is written down, for which no flash should wear out. */
const idleMs = 60_000

/** Writes down again and again how far everybody has got. */
export class Checkpoints {
  readonly #settings: CheckpointSettings
  readonly #parts: CheckpointParts
  #writtenBytes = 0
  #last: string | undefined
  #writtenAt = -Infinity
  #cancel: Cancel | undefined
  /** What keeps it from being written, told once. */
  #trouble: string | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(settings: CheckpointSettings, parts: CheckpointParts) {
    this.#settings = settings
    this.#parts = parts
  }

  get writtenBytes(): number {
    return this.#writtenBytes
  }

  /** The first one is there before any event is, so that outputs that are new are known by it. */
  async start(): Promise<void> {
    await this.#write(false)
    this.#tickLater()
  }

  /** The last one; a clean one where no event was in memory alone. */
  async stop(clean: boolean): Promise<void> {
    this.#cancel?.()
    await this.#write(clean)
  }

  #tickLater(): void {
    const { intervalMs } = this.#settings
    this.#cancel = this.#parts.clock.after(intervalMs, () => {
      this.#tickLater()
      const isIdle = this.#parts.lanes.every(({ lane }) => lane.backlog?.disk.segments.length === 0)
      const isDue = this.#parts.clock.monotonic() - this.#writtenAt >= (isIdle ? idleMs : intervalMs)
      if (isDue) void this.#write(false)
    })
  }

  /** One after the other, and only what has changed. */
  #write(clean: boolean): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow(clean))
    return this.#writing
  }

  async #writeNow(clean: boolean): Promise<void> {
    const { files, clock, log } = this.#parts
    const checkpoint = this.#take(clean)
    const text = JSON.stringify(checkpoint)
    if (text === this.#last) return
    this.#writtenAt = clock.monotonic()
    try {
      this.#writtenBytes += await writeCheckpoint(files, this.#settings.path, checkpoint)
      this.#last = text
      this.#trouble = undefined
    } catch (error) {
      const trouble = messageOf(error)
      if (trouble !== this.#trouble) log.error(`checkpoint not written: ${trouble}`)
      this.#trouble = trouble
    }
  }

  #take(clean: boolean): Checkpoint {
    const { lanes, ledger, appenders } = this.#parts
    const states = lanes.map(({ settings, lane, cursors }) => {
      const positions = cursors.map((cursor) => [cursor.id, cursor.state])
      return [settings.name, { next: lane.next, cursors: Object.fromEntries(positions) }]
    })
    return { version: 1, clean, lanes: Object.fromEntries(states), ledger: sealedFigures(ledger, appenders) }
  }
}

/** The ledger without what is in open chunks, of which a restart finds nothing. */
function sealedFigures(ledger: Ledger, appenders: CheckpointParts['appenders']): LedgerFigures {
  const { inputs, filters, outputs } = ledger.toJSON()
  const sealed = (id: string, figures: InputFigures): InputFigures => {
    const open = appenders.get(id)?.openCount ?? 0
    return { ...figures, accepted: figures.accepted - open, pending: figures.pending - open }
  }
  const all = (figures: LedgerFigures['inputs'], idOf: (id: string) => string): LedgerFigures['inputs'] =>
    Object.fromEntries(Object.entries(figures).map(([id, each]) => [id, sealed(idOf(id), each)]))
  return { inputs: all(inputs, (id) => id), filters: all(filters, filterInput.nameOf), outputs }
}
