import type { CanSource, TakeFrame } from '../can-bus.js'
import type { InputContext } from '../../plugin/context.js'
import { type LogOrigin, LogReader, type LogSettings } from './log-reader.js'
import { Stamp, type Times } from './stamp.js'

/** Frames of logs, as fast as they can be read. */
export class LogSource implements CanSource {
  readonly #reader: LogReader
  #take: TakeFrame = () => undefined

  constructor(
    origins: readonly LogOrigin[],
    settings: LogSettings & { readonly times: Times },
    context: Pick<InputContext, 'clock' | 'drop' | 'log'>,
  ) {
    const stamp = new Stamp(context.clock)
    const isNow = settings.times === 'now'
    this.#reader = new LogReader(origins, settings, context, (frame, bus, timing) => {
      if (isNow) stamp.now(frame)
      else stamp.complete(frame, timing)
      this.#take(frame, bus)
    })
  }

  async next(take: TakeFrame, signal: AbortSignal): Promise<boolean> {
    this.#take = take
    const bytes = await this.#reader.read(signal)
    if (!bytes) return false
    this.#reader.push(bytes)
    return true
  }

  close(): void {
    this.#reader.close()
  }
}
