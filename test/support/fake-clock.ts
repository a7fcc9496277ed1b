import { type Cancel, type Clock, sleepOn } from '../../src/base/clock.js'

interface Timer {
  readonly due: number
  readonly callback: () => void
}

/** A clock that moves only when told. Both of its times start at zero; `wall` can be set apart from `monotonic`. */
export class FakeClock implements Clock {
  #now = 0
  #wallMinusMonotonic = 0
  #timers = new Set<Timer>()

  monotonic(): number {
    return this.#now
  }

  wall(): number {
    return this.#now + this.#wallMinusMonotonic
  }

  /** The system's clock was set: `wall` steps, `monotonic` does not. */
  setWall(milliseconds: number): void {
    this.#wallMinusMonotonic = milliseconds - this.#now
  }

  after(delayMs: number, callback: () => void): Cancel {
    const timer = { due: this.#now + Math.max(delayMs, 0), callback }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal)
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size
  }

  /** Moves on, firing each timer at its moment and letting everything that it sets off settle first. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    await settle()
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#now = Math.max(this.#now, timer.due)
      this.#timers.delete(timer)
      timer.callback()
      await settle()
    }
    this.#now = end
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) if (timer.due <= end && (!next || timer.due < next.due)) next = timer
    return next
  }
}

/** Lets every promise that can settle without I/O or time do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}
