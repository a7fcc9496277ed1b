import type { Clock } from '../../base/clock.js'
import type { RetrySettings } from '../../flush/retry.js'
import type { Log } from '../../observe/log.js'
import type { InputContext, Logger } from '../../plugin/context.js'
import type { Input, Sharing } from '../../plugin/define.js'
import { runInput } from '../input-runner.js'
import type { WorkerSetup } from './messages.js'
import { workerInput } from './worker-life.js'

export interface SharedInputParts {
  readonly sharing: Sharing
  readonly setup: WorkerSetup
  readonly context: InputContext
  readonly clock: Clock
  readonly log: Logger
  /** Where the lines of the workers' instances go. */
  readonly lines: Pick<Log, 'write'>
  /** Back-off of workers that end too soon. */
  readonly retry: RetrySettings
  /** What of the memory for events is free. */
  readonly freeBytes: () => number
  /** As the agent would run it: what keeps every worker from running is told once, before any is started. */
  readonly input: Pick<Input, 'rehearse'>
}

/** An input, or a server, whose work is done by several workers: one that is lost is started again, and the others serve on meanwhile. */
export function sharedInput({ sharing, freeBytes, input: whole, ...parts }: SharedInputParts): Input {
  const { workers, by } = sharing
  // All of them together never hold more than there is.
  const share = (): number => Math.floor(freeBytes() / workers)
  const run = async (signal: AbortSignal): Promise<void> => {
    await whole.rehearse?.()
    const lives = Array.from({ length: workers }, () => workerInput({ ...parts, by, freeBytes: share }))
    await Promise.all(lives.map((input) => runInput({ ...parts, input }, signal)))
  }
  return { run }
}
