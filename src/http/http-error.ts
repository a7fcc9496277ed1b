import { AgentError } from '../plugin/errors.js'

/** Named values that a problem document holds besides its own, such as the index of the event that was refused. */
export interface ProblemFields {
  readonly [name: string]: string | number | boolean
}

export interface HttpErrorParts extends ErrorOptions {
  readonly headers?: { readonly [name: string]: string }
  readonly fields?: ProblemFields
  /** What the refusal is counted as; `status_CODE` unless given. */
  readonly reason?: string
}

/** Thrown by a stage: the request is answered with this status and a problem document (RFC 9457) that has the message as its detail. */
export class HttpError extends AgentError {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly fields: ProblemFields
  readonly reason: string

  constructor(status: number, detail: string, { headers = {}, fields = {}, reason, ...options }: HttpErrorParts = {}) {
    super('HTTP_REFUSED', detail, options)
    this.status = status
    this.headers = headers
    this.fields = fields
    this.reason = reason ?? `status_${status}`
  }
}

/** No room now: the client may try again after so many seconds. */
export function unavailable(detail: string, retryAfterSeconds = 1, reason = 'no_room'): HttpError {
  return new HttpError(503, detail, { headers: { 'retry-after': String(retryAfterSeconds) }, reason })
}
