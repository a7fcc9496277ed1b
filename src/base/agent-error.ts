/** The one family of errors. `code` is ROOM_WHAT and never reused; the message says where, what was expected, what came, what to do. */
export class AgentError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
