import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'

import type { Clock } from '../base/clock.js'
import { TokenBucket } from '../base/token-bucket.js'
import type { HttpError } from './http-error.js'
import type { HttpLimits } from './limits.js'
import type { HttpResponse } from './messages.js'
import { tooSlow } from './refusals.js'

export interface Http2ClientParts {
  readonly limits: HttpLimits
  readonly clock: Clock
  /** The rest of this request will not come: its exchange is to end with the error. */
  readonly brokenOff: (response: HttpResponse, error: HttpError) => void
  readonly refused: (reason: string) => void
  readonly session: ServerHttp2Session
  /** Below any TLS. */
  readonly socket: Socket
}

interface Asked {
  readonly stream: ServerHttp2Stream
  readonly atMs: number
}

/** Requests of one connection at once; without a limit there is none. */
export const mostStreams = 128

/**
 * Requests that Node refuses and tells nobody of, from Node 24 on those with too long a head: as many as it bears where it tells
 * (`maxSessionRejectedStreams`). Clients may leave numbers of streams out, but hardly so many.
 */
const mostUnheard = 100

/** Requests a second that a client may take back before they are answered, as a "rapid reset" does (CVE-2023-44487). */
const resetsPerSecond = 100

/** RFC 9113, section 7. */
const enhanceYourCalm = 0xb

/** What a connection gets to end by itself after it was told to. */
const goneMs = 2000

/** One connection of HTTP/2: its requests, and the deadlines that Node does not have for it. */
export class Http2Client {
  readonly #parts: Http2ClientParts
  readonly #asked = new Map<HttpResponse, Asked>()
  readonly #resets: TokenBucket
  #requests = 0
  #lastStream = 0
  /** Requests that were refused unheard, as far as is known; and how many of them were counted. */
  #unheard = 0
  #countedUnheard = 0
  #idleSinceMs: number
  #isGoing = false

  constructor(parts: Http2ClientParts) {
    const { clock } = parts
    this.#parts = parts
    this.#idleSinceMs = clock.monotonic()
    this.#resets = new TokenBucket(resetsPerSecond, this.#idleSinceMs)
  }

  /** A stream was opened, which the client may have reset by now. */
  opened(stream: ServerHttp2Stream): void {
    if (stream.destroyed) this.#reset()
    // One that was answered at once and then reset is not called aborted, but its answer did not go out.
    else stream.once('close', () => (stream.aborted || !stream.writableFinished) && this.#reset())
    if (++this.#requests >= this.#parts.limits.requestsPerConnection) this.goAway()
  }

  /** A request is going to be served. */
  asked(response: HttpResponse, stream: ServerHttp2Stream): void {
    const { limits, clock, refused } = this.#parts
    this.#asked.set(response, { stream, atMs: clock.monotonic() })
    response.once('close', () => {
      this.#asked.delete(response)
      this.#idleSinceMs = clock.monotonic()
    })
    // A reset that tells of no error is told to nobody: Node waits for what will not come, and the client may open another stream.
    if (this.#asked.size > 2 * mostStreams) this.#giveUp('too_many_resets')
    stream.setTimeout(limits.requestMs, () => {
      if (stream.writableLength === 0) return
      refused('too_slow_to_read')
      stream.close(enhanceYourCalm)
    })
  }

  goAway(): void {
    if (this.#isGoing) return
    this.#isGoing = true
    this.#idleSinceMs = this.#parts.clock.monotonic()
    this.#parts.session.close()
  }

  /**
   * Counts what was refused unheard, and ends the connection when that is much. Answers whether it opened streams since this was asked
   * last.
   */
  checkUnheard(): boolean {
    const { lastProcStreamID = 0 } = this.#parts.session.state
    const hasOpened = lastProcStreamID !== this.#lastStream
    this.#lastStream = lastProcStreamID
    // Clients number their streams 1, 3, 5 and so on.
    this.#countUnheard((lastProcStreamID + 1) / 2 - this.#requests)
    if (this.#unheard > mostUnheard) this.#giveUp('broken_http2')
    return hasOpened
  }

  /** A request whose head is still coming was not heard of either, but will be. */
  #countUnheard(unheard: number): void {
    const sure = Math.min(unheard, this.#unheard)
    for (; this.#countedUnheard < sure; this.#countedUnheard++) this.#parts.refused('broken_http2')
    this.#unheard = unheard
  }

  /** Ends requests that do not come whole, and the connection when it asks for nothing. */
  check(): void {
    if (this.#parts.session.destroyed) return
    const now = this.#parts.clock.monotonic()
    this.#endLate(now)
    if (this.#asked.size === 0) this.#endIdle(now - this.#idleSinceMs)
  }

  #endLate(now: number): void {
    const { limits, brokenOff } = this.#parts
    for (const [response, { stream, atMs }] of this.#asked) {
      if (now - atMs <= limits.requestMs) continue
      if (stream.closed) stream.destroy()
      else if (hasComeWhole(stream)) continue
      else if (response.writableEnded) stream.close()
      else brokenOff(response, tooSlow())
    }
  }

  #endIdle(idleMs: number): void {
    const { limits, socket } = this.#parts
    if (this.#isGoing && idleMs > goneMs) socket.destroy()
    else if (idleMs > limits.idleMs) this.goAway()
  }

  #reset(): void {
    const now = this.#parts.clock.monotonic()
    this.#resets.spend(1, now)
    if (this.#resets.waitMs(now) > 0) this.#giveUp('too_many_resets')
  }

  #giveUp(reason: 'too_many_resets' | 'broken_http2'): void {
    const { session, refused } = this.#parts
    if (session.destroyed) return
    refused(reason)
    // `destroy` alone would say that all is well.
    session.goaway(enhanceYourCalm)
    session.destroy()
  }
}

/** What its request says of itself depends on whether somebody reads it. */
function hasComeWhole({ endAfterHeaders, state }: ServerHttp2Stream): boolean {
  return endAfterHeaders || state.remoteClose === 1
}
