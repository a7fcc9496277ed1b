import type { Clock } from '../base/clock.js'
import { unlessAborted } from '../base/unless-aborted.js'
import type { Output } from '../plugin/define.js'
import { AgentError } from '../plugin/errors.js'
import type { Part } from './bisection.js'
import { type Flight, toBatch } from './flight.js'

export interface FlushLimits {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly stop: AbortSignal
}

/** One flush with its deadline. An output that ignores its signal is not waited for. */
export async function flushOnce(output: Output, flight: Flight, part: Part, limits: FlushLimits): Promise<void> {
  const { clock, timeoutMs, stop } = limits
  const deadline = new AbortController()
  const abort = (): void => deadline.abort(stop.reason)
  const cancel = clock.after(timeoutMs, () =>
    deadline.abort(new AgentError('FLUSH_TIMEOUT', `no answer within ${timeoutMs} ms (flush_timeout)`)),
  )
  stop.addEventListener('abort', abort, { once: true })
  try {
    await unlessAborted(lend(output, flight, part, deadline.signal), deadline.signal)
  } finally {
    cancel()
    stop.removeEventListener('abort', abort)
  }
}

/** The bytes are lent until the output says that it is done, however late that is. */
async function lend(output: Output, flight: Flight, part: Part, signal: AbortSignal): Promise<void> {
  for (const chunk of flight.chunks) chunk.lend()
  try {
    await output.flush(toBatch(flight, part), signal)
  } finally {
    for (const chunk of flight.chunks) chunk.giveBack()
  }
}
