/** How long to wait between flushes of a destination that fails. */
export interface RetrySettings {
  /** Longest first wait, in milliseconds. */
  readonly baseMs: number
  /** Longest wait of all, in milliseconds. */
  readonly capMs: number
}

/**
 * Exponential back-off with full jitter: anything from zero up to a ceiling that doubles with each failure, so that a fleet
 * whose server came back does not return in step. `failures` counts from 1; `random` is in [0, 1).
 */
export function backOffMs(failures: number, settings: RetrySettings, random: number): number {
  const ceiling = Math.min(settings.capMs, settings.baseMs * 2 ** Math.min(failures - 1, 52))
  return random * ceiling
}
