import { type AgentError, type Batch, BatchNotes, PartialError, PermanentError } from 'sluice/plugin'
import { halvesOf, type Span, spansOf } from './span.js'

export interface Delivery {
  readonly where: string
  /** Each tag in a request of its own. */
  readonly byTag: boolean
  /** The body of one request. */
  encode(span: Span): Promise<Uint8Array>
  /** Resolves when the events were taken, answers `too_large` when fewer may be, rejects otherwise. */
  send(body: Uint8Array, key: string, span: Span, signal: AbortSignal): Promise<'too_large' | undefined>
}

/** How far a batch has got: a retry goes on from there, so what was taken is not sent twice. */
interface Progress {
  next: number
  readonly rejected: Map<number, string>
  /** Why a whole request was refused for good, if one was. */
  refusal: PermanentError | undefined
}

/**
 * Brings batches to a server that may take them in parts only. A span that is too large is halved, down to single events; one
 * that is too large by itself is refused. What size is too large is remembered, so that the next batch is cut before it is
 * sent. A span that is refused for good does not keep the others from being delivered.
 */
export class Deliverer {
  readonly #delivery: Delivery
  readonly #progress = new BatchNotes<Progress>(() => ({ next: 0, rejected: new Map(), refusal: undefined }))
  #tooLargeBytes = Infinity

  constructor(delivery: Delivery) {
    this.#delivery = delivery
  }

  async deliver(batch: Batch, signal: AbortSignal): Promise<void> {
    const progress = this.#progress.of(batch)
    const spans = spansOf(batch.chunks, progress.next, this.#delivery.byTag).toReversed()
    for (let span = spans.pop(); span; span = spans.pop()) {
      signal.throwIfAborted()
      spans.push(...(await this.#deliverSpan(span, batch, progress, signal)))
    }
    this.#progress.forget(batch)
    const { rejected, refusal } = progress
    if (refusal && rejected.size === batch.count) throw refusal
    if (rejected.size > 0) throw this.#partial(rejected)
  }

  /** What is left to be sent of the span, last part first. */
  async #deliverSpan(span: Span, batch: Batch, progress: Progress, signal: AbortSignal): Promise<readonly Span[]> {
    const body = await this.#delivery.encode(span)
    const knownTooLarge = body.length >= this.#tooLargeBytes && span.count > 1
    const taken = knownTooLarge ? 'too_large' : await this.#send(body, span, batch, signal)
    if (taken === 'too_large') {
      this.#tooLargeBytes = Math.min(this.#tooLargeBytes, body.length)
      if (span.count > 1) return halvesOf(span).toReversed()
      progress.rejected.set(
        span.first,
        `${this.#delivery.where}: answered 413 to a single event of ${body.length} bytes`,
      )
    } else if (taken) {
      progress.refusal = taken
      for (let index = span.first; index < span.first + span.count; index++) progress.rejected.set(index, taken.message)
    }
    progress.next = span.first + span.count
    return []
  }

  async #send(
    body: Uint8Array,
    span: Span,
    batch: Batch,
    signal: AbortSignal,
  ): Promise<'too_large' | PermanentError | undefined> {
    try {
      return await this.#delivery.send(body, `${batch.id}.${span.first}-${span.count}`, span, signal)
    } catch (error) {
      if (error instanceof PermanentError) return error
      throw error
    }
  }

  #partial(rejected: ReadonlyMap<number, string>): AgentError {
    return new PartialError(
      'HTTP_REFUSED_PART',
      `${this.#delivery.where}: ${rejected.size} events were refused`,
      rejected,
    )
  }
}
