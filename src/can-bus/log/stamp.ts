import type { CanFrame } from '../../can/frame.js'
import type { Timing } from '../../can/text/line-reader.js'
import type { Clock } from '../../base/clock.js'
import { toEventTime, toMilliseconds } from '../../event/event-time.js'

/** Takes a frame, which is lent for the call, and hears what its time counts from. */
export type TakeTimed = (frame: CanFrame, bus: string, timing: Timing) => void

/** What time frames of a log have: the one that stands there, or that at which they are handed on. */
export type Times = 'recorded' | 'now'

/** Sees to it that the time of every frame of a log counts from 1970. */
export class Stamp {
  readonly #clock: Clock
  /** Milliseconds since 1970 at which a log began that does not say it. */
  #begin = Number.NaN

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Gives a frame the time that it has, counted from when its log was begun to be read where the log says no more. */
  complete(frame: CanFrame, timing: Timing): void {
    if (timing === 'absolute') return
    if (timing === 'none') return this.now(frame)
    const ms = toMilliseconds(frame)
    if (Number.isNaN(this.#begin)) this.#begin = this.#clock.wall() - ms
    setTime(frame, this.#begin + ms)
  }

  /** Gives a frame the time of now. */
  now(frame: CanFrame): void {
    setTime(frame, this.#clock.wall())
  }
}

function setTime(frame: CanFrame, ms: number): void {
  const { seconds, nanoseconds } = toEventTime(ms)
  frame.seconds = seconds
  frame.nanoseconds = nanoseconds
}
