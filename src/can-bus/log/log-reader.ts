import { CanLog } from '../../can/text/can-log.js'
import type { LogFormat } from '../../can/text/log-format.js'
import type { InputContext } from '../../plugin/context.js'
import { AgentError, messageOf } from '../../plugin/errors.js'
import type { TakeTimed } from './stamp.js'

/** Where a log comes from. */
export interface LogOrigin {
  /** What errors call it. */
  readonly name: string
  /** Its bytes, piece by piece, each lent until the next is asked for; once the signal is aborted no more come. */
  open(signal: AbortSignal): AsyncIterable<Uint8Array>
}

export interface LogSettings {
  /** By default it is seen by the first lines. */
  readonly format: LogFormat | undefined
  /** Begin again with the first when the last has ended. */
  readonly loop: boolean
}

/** Logs one after the other: hands out their bytes, and takes them back to make frames of them. */
export class LogReader {
  readonly #origins: readonly LogOrigin[]
  readonly #settings: LogSettings
  readonly #context: Pick<InputContext, 'drop' | 'log'>
  readonly #take: TakeTimed
  #next = 0
  #bytes: AsyncIterator<Uint8Array> | undefined
  #log: CanLog
  #seen = { bad: 0, tooLong: 0 }
  /** Whether this round had a frame: one without would go on for ever. */
  #hadFrame = false

  constructor(
    origins: readonly LogOrigin[],
    settings: LogSettings,
    context: Pick<InputContext, 'drop' | 'log'>,
    take: TakeTimed,
  ) {
    this.#origins = origins
    this.#settings = settings
    this.#context = context
    this.#take = take
    this.#log = new CanLog(take, settings.format)
  }

  /** The next bytes of the log at hand, or of the one behind it; undefined once there are no more. */
  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    while (!signal.aborted) {
      const bytes = this.#bytes ?? this.#open(signal)
      if (!bytes) return undefined
      this.#bytes = bytes
      const piece = await this.#piece(bytes)
      if (piece || signal.aborted) return piece
      this.#end()
    }
    return undefined
  }

  push(bytes: Uint8Array): void {
    this.#log.push(bytes)
    this.#tell()
  }

  close(): void {
    // What it holds is free in any case once the signal is aborted.
    void this.#bytes?.return?.().catch(() => undefined)
    this.#bytes = undefined
  }

  #open(signal: AbortSignal): AsyncIterator<Uint8Array> | undefined {
    if (this.#next === this.#origins.length) {
      if (!this.#settings.loop || !this.#hadFrame) return undefined
      this.#next = 0
      this.#hadFrame = false
    }
    return this.#origins[this.#next]?.open(signal)[Symbol.asyncIterator]()
  }

  async #piece(bytes: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
    try {
      const { value, done } = await bytes.next()
      return done === true ? undefined : value
    } catch (error) {
      this.#bytes = undefined
      throw new AgentError('CAN_LOG', `${this.#origins[this.#next]?.name}: ${messageOf(error)}`, { cause: error })
    }
  }

  #end(): void {
    this.#log.end()
    this.#tell()
    this.#hadFrame ||= this.#log.frames > 0
    if (this.#log.frames === 0)
      this.#context.log.warn('no frame in this log', { log: this.#origins[this.#next]?.name ?? '' })
    this.#bytes = undefined
    this.#next++
    this.#log = new CanLog(this.#take, this.#settings.format)
    this.#seen = { bad: 0, tooLong: 0 }
  }

  /** Lines that are no frame, and none of those that such logs have besides, are lost events. */
  #tell(): void {
    const { bad, tooLong, lastBad } = this.#log
    if (bad > this.#seen.bad) {
      this.#context.drop('unreadable', bad - this.#seen.bad)
      this.#context.log.warn('a line of the log is no frame', {
        log: this.#origins[this.#next]?.name ?? '',
        line: lastBad,
      })
    }
    if (tooLong > this.#seen.tooLong) this.#context.drop('too_long', tooLong - this.#seen.tooLong)
    this.#seen = { bad, tooLong }
  }
}
