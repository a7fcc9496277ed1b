import { AgentError } from '../base/agent-error.js'

export { AgentError }

/**
 * Thrown by `flush`: no retry can deliver this batch. The engine flushes its halves, and theirs, until it knows the events
 * that were meant, and gives these to the dead letter.
 */
export class PermanentError extends AgentError {
  /** Any other events would be refused too, as with a wrong password: the batch is given up as a whole. */
  readonly all: boolean

  constructor(code: string, message: string, options: ErrorOptions & { readonly all?: boolean } = {}) {
    super(code, message, options)
    this.all = options.all ?? false
  }
}

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
  /** Runs among them that were refused by one answer: some of their events may be good, which the engine finds out. */
  readonly together: readonly EventRun[]

  constructor(
    code: string,
    message: string,
    rejected: ReadonlyMap<number, string>,
    options: ErrorOptions & { readonly together?: readonly EventRun[] } = {},
  ) {
    super(code, message, options)
    this.rejected = rejected
    this.together = options.together ?? []
  }
}

/**
 * Thrown by `parse`: the event at this index of the frame, counted from 0, is not of the format. Those before it may have been
 * given already; whoever takes a frame as a whole takes none of them.
 */
export class ParseError extends AgentError {
  readonly index: number

  constructor(code: string, message: string, index: number, options?: ErrorOptions) {
    super(code, message, options)
    this.index = index
  }
}

/** Neighbouring events of a batch, by their places in it. */
export interface EventRun {
  readonly first: number
  readonly count: number
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
