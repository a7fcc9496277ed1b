import { BatchNotes } from '../plugin/batch-notes.js'
import type { Batch } from '../plugin/define.js'
import { type AgentError, PartialError, PermanentError } from '../plugin/errors.js'
import { Progress } from './progress.js'
import { halvesOf, partOf, runsOf, runsWithin, type Span, spanOf } from './span.js'
import type { Outcomes, Verdict } from './verdict.js'

/** A span as a server is to get it. */
export interface Encoded {
  readonly body: Uint8Array
  /** Places in the span of events that the format cannot hold, and why: the body lacks them. */
  readonly refused: ReadonlyMap<number, string>
}

export interface Delivery<S extends Span> {
  readonly where: string
  /** Cuts what is to be sent into requests. */
  split(pending: Span): readonly S[]
  encode(span: S): Promise<Encoded>
}

/** Sends a request, whose key is the same for each try, and judges its answer. Rejects where there is none. */
export type Send<S extends Span> = (encoded: Encoded, key: string, span: S) => Promise<Verdict>

/**
 * Brings batches to a server that may take them in parts only. A span that is too large is halved, down to single events; one
 * that is too large by itself is refused. What size is too large is remembered, so that the next batch is cut before it is
 * sent. A span that is refused for good does not keep the others from being delivered, unless it is the whole batch.
 */
export class Deliverer<S extends Span> {
  readonly #delivery: Delivery<S>
  readonly #progress = new BatchNotes<Progress>(({ count }) => new Progress(count))
  #tooLargeBytes = Infinity

  constructor(delivery: Delivery<S>) {
    this.#delivery = delivery
  }

  /** What another server took of a batch before this one is sent to is not sent again. */
  async deliver(batch: Batch, signal: AbortSignal, send: Send<S>): Promise<void> {
    const progress = this.#progress.of(batch)
    const spans = this.#delivery.split(spanOf(batch.chunks, progress.pending())).toReversed()
    for (let span = spans.pop(); span; span = spans.pop()) {
      signal.throwIfAborted()
      spans.push(...(await this.#deliverSpan(span, batch, progress, send)))
    }
    this.#progress.forget(batch)
    if (progress.rejected.size > 0) throw this.#partial(progress)
  }

  /** What is left to be sent of the span, last part first. */
  async #deliverSpan(span: S, batch: Batch, progress: Progress, send: Send<S>): Promise<readonly S[]> {
    const encoded = await this.#delivery.encode(span)
    const verdict = await this.#send(encoded, span, batch, send)
    if (verdict === 'too_large') {
      this.#tooLargeBytes = Math.min(this.#tooLargeBytes, encoded.body.length)
      if (span.count > 1) return halvesOf(span).toReversed()
    }
    if (verdict instanceof Error) this.#throwIfWhole(verdict, span, batch)
    progress.reject(span, encoded.refused)
    return this.#settle(verdict, span, encoded, progress)
  }

  async #send(encoded: Encoded, span: S, batch: Batch, send: Send<S>): Promise<Verdict> {
    if (encoded.refused.size === span.count) return undefined
    if (encoded.body.length >= this.#tooLargeBytes && span.count > 1) return 'too_large'
    const key = `${batch.id}.${span.runs[0]?.first ?? 0}-${span.count}`
    try {
      return await send(encoded, key, span)
    } catch (error) {
      if (error instanceof PermanentError) return error
      throw error
    }
  }

  /** All but the refusal of a part ends the flush. */
  #throwIfWhole(error: AgentError, span: S, batch: Batch): void {
    if (!(error instanceof PermanentError)) throw error
    if (span.count < batch.count) return
    this.#progress.forget(batch)
    throw error
  }

  #settle(verdict: Verdict, span: S, encoded: Encoded, progress: Progress): readonly S[] {
    if (verdict === 'too_large') {
      const reason = `${this.#delivery.where}: answered 413 to a single event of ${encoded.body.length} bytes`
      progress.reject(span, new Map([[0, reason]]))
    } else if (verdict instanceof PermanentError) progress.rejectAll(span, verdict.message, verdict.all)
    else if (verdict && !(verdict instanceof Error)) return note(verdict, span, encoded, progress)
    progress.settle(span.runs)
    return []
  }

  #partial({ rejected, together }: Progress): AgentError {
    const text = `${this.#delivery.where}: ${rejected.size} events were refused`
    return new PartialError('HTTP_REFUSED_PART', text, rejected, { together })
  }
}

/** Takes down what an answer says of each event, by its place in the body. What is left is to be sent again at once. */
function note<S extends Span>(outcomes: Outcomes, span: S, { refused }: Encoded, progress: Progress): readonly S[] {
  const places = Array.from({ length: span.count }, (_, place) => place)
  const written = places.filter((place) => !refused.has(place))
  progress.reject(span, new Map(Array.from(outcomes.refused, ([event, reason]) => [written[event] ?? -1, reason])))
  const { events = [], error } = outcomes.again ?? {}
  const repeated = new Set(events.map((event) => written[event]))
  progress.settle(runsWithin(span, runsOf(places.filter((place) => !repeated.has(place)))))
  if (error) throw error
  return repeated.size === 0 ? [] : [partOf(span, runsOf(places.filter((place) => repeated.has(place))))]
}
