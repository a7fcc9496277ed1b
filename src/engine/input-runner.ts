import type { Clock } from '../base/clock.js'
import { backOffMs, type RetrySettings } from '../flush/retry.js'
import type { Logger } from '../plugin/context.js'
import type { Input } from '../plugin/define.js'
import { messageOf } from '../plugin/errors.js'

export interface RunnerParts {
  readonly input: Input
  readonly clock: Clock
  readonly log: Logger
  readonly retry: RetrySettings
  /** Called each time before it waits to run again. */
  readonly failed?: ((error: unknown) => void) | undefined
}

/** An input that ran this long before it failed starts afresh with its back-off. */
const healthyMs = 60_000

/** Runs an input until it is done or told to stop; when it throws, again after a back-off. Never rejects. */
export async function runInput({ input, clock, log, retry, failed }: RunnerParts, signal: AbortSignal): Promise<void> {
  for (let failures = 1; !signal.aborted; failures++) {
    const startedAt = clock.monotonic()
    try {
      return await input.run(signal)
    } catch (error) {
      if (signal.aborted) return
      if (clock.monotonic() - startedAt > healthyMs) failures = 1
      const waitMs = backOffMs(failures, retry, Math.random())
      log.error(`failed: ${messageOf(error)}`, { next_try_ms: Math.round(waitMs) })
      failed?.(error)
      await clock.sleep(waitMs, signal)
    }
  }
}
