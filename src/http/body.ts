import { BodyParts } from './body-parts.js'
import { HttpError, unavailable } from './http-error.js'
import type { HttpLimits } from './limits.js'
import type { HttpRequest, HttpResponse } from './messages.js'
import { readBuffered } from '../net/read-buffered.js'

/** What reading a body takes of an exchange. */
export interface BodyOwner {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly limits: HttpLimits
  /** Counts bytes to the memory until the exchange is over; false where there is no room. */
  hold(bytes: number): boolean
  /** Of what was held before. */
  giveBack(bytes: number): void
}

const empty = Buffer.alloc(0)

/** What a client says that it will send is held only so far before it comes: one that sends nothing keeps no room from others. */
const mostPromisedBytes = 64 * 1024

/**
 * Says that a body is wanted, if there is room for all of it. What it takes of the memory is held until the exchange is over, and
 * counted as it comes. Throws an HttpError, 413 or 503.
 */
export function expectBody(owner: BodyOwner): void {
  const declared = declaredBytes(owner)
  if (declared === 0) return
  if (declared !== undefined) {
    admit(owner, declared)
    owner.giveBack(declared - promised(declared))
  }
  allowBody(owner)
}

/** All of an expected body, where it is there already; undefined where the rest must be waited for. Costs no listener. */
export function bodyAtHand(owner: BodyOwner): Buffer | undefined {
  const { request } = owner
  const declared = declaredBytes(owner)
  if (declared === 0) return empty
  // HTTP/2 tells only of a body that was read whether it is complete.
  if (request.httpVersionMajor > 1 || !request.complete) return undefined
  const body = readBuffered(request) ?? empty
  admit(owner, body.length - promised(declared), body.length)
  return body
}

/** All of an expected body. */
export function readBody(owner: BodyOwner): Promise<Buffer> {
  const declared = declaredBytes(owner)
  return declared === 0 ? Promise.resolve(empty) : collect(owner, owner.limits.bodyBytes, promised(declared))
}

/** What of a body is held before it comes. */
function promised(declared = 0): number {
  return Math.min(declared, mostPromisedBytes)
}

function admit(owner: BodyOwner, more: number, whole = more): void {
  const limit = owner.limits.bodyBytes
  if (whole > limit) throw tooLong(limit)
  if (more > 0 && !owner.hold(more)) throw noRoom()
}

/**
 * A body that nobody wants is read and forgotten, so that the client gets to read its answer and the connection serves on; but no
 * more of it than a body may have.
 */
export function discardBody(owner: BodyOwner): void {
  if (declaredBytes(owner) === 0) return
  const { request, limits } = owner
  let bytes = 0
  request.on('data', (part: Buffer) => {
    bytes += part.length
    if (bytes > limits.bodyBytes) takeNoMore(request)
  })
}

/** A stream of HTTP/2 is reset with no error, which tells that its answer holds (RFC 9113, section 8.1). */
function takeNoMore(request: HttpRequest): void {
  if ('stream' in request) request.stream.close()
  else request.destroy()
}

/** Of the body; undefined where only its end tells. */
export function declaredBytes({ request }: Pick<BodyOwner, 'request'>): number | undefined {
  const { headers, httpVersionMajor } = request
  const length = headers['content-length']
  if (length !== undefined) return Number(length)
  if ('stream' in request && request.stream.endAfterHeaders) return 0
  // HTTP/1.1 has no body where no header tells of one (RFC 9112, section 6.3).
  return headers['transfer-encoding'] === undefined && httpVersionMajor < 2 ? 0 : undefined
}

/** A client that asked waits for this before it sends its body; one of HTTP/1.0 cannot (RFC 9110, section 10.1.1). */
export function allowBody({ request: { headers, httpVersion }, response }: BodyOwner): void {
  if (headers.expect?.toLowerCase() === '100-continue' && httpVersion !== '1.0') response.writeContinue()
}

function collect(owner: BodyOwner, limit: number, promisedBytes: number): Promise<Buffer> {
  const { request } = owner
  return new Promise((resolve, reject) => {
    const parts = new BodyParts()
    let held = promisedBytes
    const refuse = (error: HttpError): void => {
      request.off('data', take)
      discardBody(owner)
      reject(error)
    }
    const take = (part: Buffer): void => {
      const bytes = parts.bytes + part.length
      if (bytes > limit) return refuse(tooLong(limit))
      if (bytes > held) {
        if (!owner.hold(bytes - held)) return refuse(noRoom())
        held = bytes
      }
      parts.add(part)
    }
    const end = (): void => resolve(parts.whole())
    // Not `once`, which costs more: none of these comes twice. An error is known once the request is closed.
    request.on('data', take).on('end', end)
    request.on('close', () => request.readableEnded || reject(breakOf(request)))
    if (request.httpVersionMajor > 1) request.on('error', () => undefined)
  })
}

function breakOf({ errored }: HttpRequest): HttpError {
  return errored instanceof HttpError ? errored : cutOff()
}

export function cutOff(): HttpError {
  return new HttpError(400, 'body: it broke off before its end', { reason: 'cut_off' })
}

export function tooLong(limit: number): HttpError {
  return new HttpError(413, `body: expected at most ${limit} bytes; send less at a time`, { reason: 'body_too_long' })
}

function noRoom(): HttpError {
  return unavailable('the memory for events is full')
}
