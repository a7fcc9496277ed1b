import { AgentError } from '../base/agent-error.js'

export { AgentError }

/** Thrown by `flush`: no retry can deliver this batch. The engine gives it to the dead letter. */
export class PermanentError extends AgentError {}

/** Thrown by `flush`: try the same batch again, but not before `afterMs` milliseconds have passed. */
export class RetryLater extends AgentError {
  readonly afterMs: number

  constructor(code: string, message: string, afterMs: number, options?: ErrorOptions) {
    super(code, message, options)
    this.afterMs = afterMs
  }
}

/** Thrown by `flush`: the events at these indexes of the batch were refused, each for its reason; all others are delivered. */
export class PartialError extends AgentError {
  readonly rejected: ReadonlyMap<number, string>

  constructor(code: string, message: string, rejected: ReadonlyMap<number, string>, options?: ErrorOptions) {
    super(code, message, options)
    this.rejected = rejected
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
