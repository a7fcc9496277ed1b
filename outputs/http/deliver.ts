import { type AgentError, type Batch, BatchNotes, type EventRun, PartialError, PermanentError } from 'sluice/plugin'
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
  /** Runs of these that one answer refused: the engine is to find the bad ones. */
  readonly together: EventRun[]
}

/**
 * Brings batches to a server that may take them in parts only. A span that is too large is halved, down to single events; one
 * that is too large by itself is refused. What size is too large is remembered, so that the next batch is cut before it is
 * sent. A span that is refused for good does not keep the others from being delivered, unless it is the whole batch.
 */
export class Deliverer {
  readonly #delivery: Delivery
  readonly #progress = new BatchNotes<Progress>(() => ({ next: 0, rejected: new Map(), together: [] }))
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
    if (progress.rejected.size > 0) throw this.#partial(progress)
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
    } else if (taken) this.#refused(taken, span, batch, progress)
    progress.next = span.first + span.count
    return []
  }

  #refused(refusal: PermanentError, { first, count }: Span, batch: Batch, { rejected, together }: Progress): void {
    if (count === batch.count) {
      this.#progress.forget(batch)
      throw refusal
    }
    for (let index = first; index < first + count; index++) rejected.set(index, refusal.message)
    if (!refusal.all) together.push({ first, count })
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

  #partial({ rejected, together }: Progress): AgentError {
    const text = `${this.#delivery.where}: ${rejected.size} events were refused`
    return new PartialError('HTTP_REFUSED_PART', text, rejected, { together })
  }
}
