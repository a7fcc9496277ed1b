import { HttpError } from 'sluice/http'
import { messageOf } from 'sluice/plugin'

/** What a request is destroyed with when its time is over. */
export class Late extends Error {
  constructor(what: string, ms: number) {
    super(`${what} within ${ms} ms`)
  }
}

/** An upstream gave no answer. The client is told no more than that; the log knows of whom and why. */
export class UpstreamFailure extends HttpError {
  /** Whether asking again can do no harm: nothing was sent, or nothing that changes anything. */
  readonly isRepeatable: boolean

  constructor(cause: unknown, isRepeatable: boolean) {
    if (cause instanceof Late)
      super(504, 'what is behind this address was too slow', { cause, reason: 'upstream_late' })
    else super(502, 'what is behind this address gave no answer', { cause, reason: 'upstream_failed' })
    this.isRepeatable = isRepeatable
  }

  /** For the log. */
  get why(): string {
    return messageOf(this.cause)
  }
}
