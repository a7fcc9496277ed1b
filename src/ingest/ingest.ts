import { createHash } from 'node:crypto'

import { TurnQueue } from '../base/turn-queue.js'
import type { EncodedEvents } from '../event/event.js'
import { HttpError, unavailable } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { InputContext } from '../plugin/context.js'
import { BodyReader } from './body-reader.js'
import type { Endpoint } from './endpoint.js'
import { inflaterOf } from './inflate.js'
import type { IngestSettings } from './ingest-options.js'
import type { Outcome, Post } from './post.js'
import { takeEvents } from './take-events.js'

/**
 * Takes what requests bring: never says yes before the promise of the input's `ack` holds.
 *
 * Requests of one turn of the event loop are taken together at its end, when the bodies of small ones are there, which then costs no
 * listener and no promise; and what may be answered is answered together, which wakes the clients of a busy server less often.
 */
export class Ingest {
  readonly #context: InputContext
  readonly #tag: string
  readonly #reader: BodyReader
  readonly #windowMs: number
  readonly #arrived = new TurnQueue<Post>((posts) => this.#takeAll(posts))
  readonly #settled = new TurnQueue<Outcome>((outcomes) => this.#answerAll(outcomes))

  constructor(settings: IngestSettings, context: InputContext) {
    this.#context = context
    this.#tag = settings.tag
    this.#reader = new BodyReader(settings, context)
    this.#windowMs = settings.idempotency_window
  }

  take(exchange: HttpExchange, endpoint: Endpoint): true {
    try {
      this.#arrived.push(this.#admit(exchange, endpoint))
    } catch (error) {
      this.#refuse(exchange, endpoint, error)
    }
    return true
  }

  /** What can be said of the head of a request, before its body comes. */
  #admit(exchange: HttpExchange, endpoint: Endpoint): Post {
    if (!this.#context.hasRoom) throw unavailable('the memory for events is full')
    checkFraming(exchange)
    const reading = endpoint.reading(exchange)
    const inflate = inflaterOf(exchange.header('content-encoding'), endpoint.packed)
    exchange.expectBody()
    return { exchange, endpoint, reading, inflate, key: exchange.header('idempotency-key') }
  }

  #takeAll(posts: readonly Post[]): void {
    for (const post of posts) if (post.exchange.isOwed) this.#takeNow(post)
    this.#settled.flush()
  }

  #takeNow(post: Post): void {
    const { exchange, endpoint, inflate, key } = post
    try {
      const body = inflate || key !== undefined ? undefined : exchange.bodyAtHand()
      if (body) this.#emit(post, body)
      else void this.#takeLater(post)
    } catch (error) {
      this.#refuse(exchange, endpoint, error)
    }
  }

  async #takeLater(post: Post): Promise<void> {
    const { exchange, endpoint, inflate, key } = post
    try {
      const sent = await exchange.body()
      const body = inflate ? await inflate(sent, exchange) : sent
      if (key === undefined) this.#emit(post, body)
      else await this.#takeOnce(post, body, key)
    } catch (error) {
      this.#refuse(exchange, endpoint, error)
    }
  }

  /**
   * `Idempotency-Key` of draft-ietf-httpapi-idempotency-key-header. A key alone is no proof: two clients may count alike, and differ in
   * nothing but what of their requests goes into the events. What is remembered of each request is of one length, whatever its client
   * chose.
   */
  async #takeOnce(post: Post, body: Buffer, key: string): Promise<void> {
    const { exchange } = post
    const { path, query, user } = exchange
    const about = JSON.stringify([key, path, query, user, this.#tagOf(post), this.#reader.fieldsOf?.(exchange)])
    const digest = createHash('sha256').update(`${about}\n`).update(body).digest('base64')
    let count = 0
    const take = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const events = this.#read(post, body)
        count = countOf(events)
        takeEvents(events, this.#context, (error) => (error ? reject(error) : resolve()))
      })
    const isKnown = await this.#context.once(digest, this.#windowMs, take)
    if (isKnown) {
      this.#context.count('repeated_requests')
      // Answers tell of every event: what the first one said, this one has to say too.
      count = countOf(this.#read(post, body))
    }
    this.#settled.push({ post, count, error: undefined })
  }

  #emit(post: Post, body: Buffer): void {
    const events = this.#read(post, body)
    const count = countOf(events)
    takeEvents(events, this.#context, (error) => this.#settled.push({ post, count, error }))
  }

  #read(post: Post, bytes: Buffer): readonly EncodedEvents[] {
    return this.#reader.read(post.exchange, { reading: post.reading, bytes, tag: this.#tagOf(post) })
  }

  #tagOf({ exchange, endpoint }: Post): string {
    return endpoint.tag?.(exchange) ?? this.#tag
  }

  #answerAll(outcomes: readonly Outcome[]): void {
    for (const { post, count, error } of outcomes) {
      const { exchange, endpoint } = post
      try {
        if (error) throw error
        endpoint.accept(exchange, count)
      } catch (thrown) {
        this.#refuse(exchange, endpoint, thrown)
      }
    }
  }

  #refuse(exchange: HttpExchange, endpoint: Endpoint, error: unknown): void {
    if (!(error instanceof HttpError) || !endpoint.refuse) return exchange.fail(error)
    this.#context.count(`refused_${error.reason}`)
    endpoint.refuse(exchange, error)
  }
}

function countOf(events: readonly EncodedEvents[]): number {
  let all = 0
  for (const { count } of events) all += count
  return all
}

/** What comes behind an HTTP/1.1 head that tells no length would be the next request. */
function checkFraming({ request: { headers, httpVersionMajor } }: HttpExchange): void {
  if (httpVersionMajor > 1 || headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
    return
  throw new HttpError(411, 'expected a body with Content-Length or Transfer-Encoding', { reason: 'no_length' })
}
