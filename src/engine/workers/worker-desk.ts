import type { InputContext } from '../../plugin/context.js'
import { messageOf } from '../../plugin/errors.js'
import type { FromWorker, News, Room, ToWorker, Turn } from './messages.js'

export interface DeskParts {
  readonly context: InputContext
  /** How many bytes one worker may hold besides what is counted. */
  readonly freeBytes: () => number
  readonly send: (message: ToWorker) => void
}

type Asked = Extract<FromWorker, { readonly kind: 'once' }>

/**
 * Does for one worker what its input's context does for an input of the agent itself, and tells it what became of its events: all that
 * is known by the end of a turn together.
 */
export class WorkerDesk {
  readonly #parts: DeskParts
  readonly #taking = new Map<number, (error?: string) => void>()
  #kept: number[] = []
  #broken: [number, string][] = []
  #heldBytes = 0
  #chargedBytes = 0
  #isDue = false
  #isWaiting = false
  #isClosed = false

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  get room(): Room {
    const { context, freeBytes } = this.#parts
    return { hasRoom: context.hasRoom, chargedBytes: this.#chargedBytes, freeBytes: freeBytes() }
  }

  take({ entries, runs, firstRun, heldBytes, counts, drops }: Turn): void {
    const { context } = this.#parts
    let at = 0
    for (const [index, { tag, bytes, count }] of runs.entries()) {
      const settled = (error?: Error): void => this.#settled(firstRun + index, error)
      context.emitEntries(tag, entries.subarray(at, at + bytes), count, settled)
      at += bytes
    }
    for (const [name, amount] of Object.entries(counts)) context.count(name, amount)
    for (const [reason, count] of Object.entries(drops)) context.drop(reason, count)
    this.#heldBytes = heldBytes
    this.#charge()
    this.#news()
  }

  /** What came to one worker may have come to another before. Where that one could not take it, this one tries. */
  ask(asked: Asked): void {
    const { ask, key, windowMs } = asked
    let isFirst = false
    const take = (): Promise<void> => {
      isFirst = true
      return this.#letTake(ask)
    }
    this.#parts.context.once(key, windowMs, take).then(
      (isKnown) => isKnown && this.#parts.send({ kind: 'known', ask }),
      () => isFirst || this.#isClosed || this.ask(asked),
    )
  }

  taken(ask: number, error?: string): void {
    this.#taking.get(ask)?.(error)
    this.#taking.delete(ask)
  }

  /** The worker is gone: what it held is free, and what it was about to take was not taken. */
  close(): void {
    this.#isClosed = true
    this.#heldBytes = 0
    this.#charge()
    for (const ask of this.#taking.keys()) this.taken(ask, 'the worker that took it is gone')
  }

  #letTake(ask: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#taking.set(ask, (error) => (error === undefined ? resolve() : reject(new Error(error))))
      this.#parts.send({ kind: 'first', ask })
    })
  }

  /** Where there is no room for more, the worker hears so, and what it holds is counted as soon as there is. */
  #charge(): void {
    const { context } = this.#parts
    const more = this.#heldBytes - this.#chargedBytes
    if (more > 0 && !context.reserve(more)) return
    if (more < 0) context.release(-more)
    this.#chargedBytes = this.#heldBytes
  }

  #settled(run: number, error?: Error): void {
    if (error) this.#broken.push([run, messageOf(error)])
    else this.#kept.push(run)
    this.#news()
  }

  #news(): void {
    if (this.#isDue || this.#isClosed) return
    this.#isDue = true
    setImmediate(() => this.#tell())
  }

  #tell(): void {
    this.#isDue = false
    if (this.#isClosed) return
    this.#charge()
    const news: News = { kept: this.#kept, broken: this.#broken, room: this.room }
    this.#kept = []
    this.#broken = []
    this.#parts.send({ kind: 'news', news })
    if (!news.room.hasRoom) void this.#awaitRoom()
  }

  async #awaitRoom(): Promise<void> {
    if (this.#isWaiting) return
    this.#isWaiting = true
    await this.#parts.context.room()
    this.#isWaiting = false
    this.#news()
  }
}
