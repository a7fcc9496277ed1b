/** Cancels a timer; calling it again, or after the timer fired, is harmless. */
export type Cancel = () => void

/**
 * The only source of time. Intervals, deadlines and back-off use `monotonic`, which never steps;
 * `wall` is for the times of events alone.
 */
export interface Clock {
  /** Milliseconds since some fixed moment, with fractions. */
  monotonic(): number
  /** Milliseconds since 1970 UTC, with fractions; steps when the system's clock is set. */
  wall(): number
  /** Calls `callback` once after `delayMs`. The timer keeps the process alive. */
  after(delayMs: number, callback: () => void): Cancel
  /** Resolves after `delayMs`, or as soon as `signal` is aborted; never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1

/** How far the two clocks may drift apart before `wall` follows the system's clock again. */
const toleratedDriftMs = 1

/** How long a step of the system's clock may go unnoticed: asking it each time would double the price of a wall time. */
const unnoticedMs = 10

class SystemClock implements Clock {
  // Before the system's clock is asked: the first look at `performance` takes a while.
  #comparedAt = performance.now()
  #wallMinusMonotonic = Date.now() - this.#comparedAt

  monotonic(): number {
    return performance.now()
  }

  wall(): number {
    const now = performance.now()
    if (now - this.#comparedAt > unnoticedMs) this.#compare(now)
    return now + this.#wallMinusMonotonic
  }

  /** The system's clock tells whole milliseconds: within one of them the fine time is as good. */
  #compare(now: number): void {
    const ahead = now + this.#wallMinusMonotonic - Date.now()
    if (ahead < 0 || ahead >= toleratedDriftMs) this.#wallMinusMonotonic -= ahead
    this.#comparedAt = now
  }

  after(delayMs: number, callback: () => void): Cancel {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), longestTimerMs))
    return () => clearTimeout(timer)
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal)
  }
}

/** The `sleep` of any clock that has `after`. */
export function sleepOn(clock: Pick<Clock, 'after'>, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = (): void => {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(delayMs, done)
    signal?.addEventListener('abort', done, { once: true })
  })
}

export const systemClock: Clock = new SystemClock()
