import { AgentError } from '../base/agent-error.js'

/** Why a body of JSON is refused, with the code of its cause, and where. */
export class JsonEntryError extends AgentError {
  /** The event that is wrong, by its place among those of the body; 0 is the first. */
  readonly index: number
  /** Bytes of the body before what is wrong. */
  readonly offset: number

  constructor(cause: AgentError, index: number, offset: number) {
    super(cause.code, `event ${index}: ${cause.message}`, { cause })
    this.index = index
    this.offset = offset
  }
}
