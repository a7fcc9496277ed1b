import { type BatchChunk, cutEntries, type EncodedEvents } from 'sluice/plugin'

/** Neighbouring events of a batch that go out in one request. */
export interface Span {
  /** Index in the batch of its first event. */
  readonly first: number
  readonly count: number
  readonly chunks: readonly EncodedEvents[]
}

/** The batch from its event `first` on, in one span, or in one for each run of a tag. */
export function spansOf(chunks: readonly BatchChunk[], first: number, byTag: boolean): Span[] {
  const spans: Span[] = []
  for (const run of byTag ? tagRuns(chunks) : [chunks]) {
    const start = spans.reduce((sum, span) => sum + span.count, 0)
    spans.push({ first: start, count: countOf(run), chunks: run })
  }
  return spans.filter((span) => span.first + span.count > first).map((span) => from(span, first))
}

/** Both halves of a span of two events or more. */
export function halvesOf(span: Span): readonly [Span, Span] {
  const count = span.count >> 1
  return [
    { first: span.first, count, chunks: cut(span.chunks, 0, count) },
    { first: span.first + count, count: span.count - count, chunks: cut(span.chunks, count, span.count) },
  ]
}

function from(span: Span, first: number): Span {
  const skipped = first - span.first
  if (skipped <= 0) return span
  return { first, count: span.count - skipped, chunks: cut(span.chunks, skipped, span.count) }
}

function tagRuns(chunks: readonly BatchChunk[]): BatchChunk[][] {
  const runs: BatchChunk[][] = []
  for (const chunk of chunks) {
    const last = runs.at(-1)
    if (last?.[0]?.tag === chunk.tag) last.push(chunk)
    else runs.push([chunk])
  }
  return runs
}

function countOf(chunks: readonly EncodedEvents[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.count, 0)
}

/** The events from `start` up to `end`; bytes are shared, not copied. */
function cut(chunks: readonly EncodedEvents[], start: number, end: number): EncodedEvents[] {
  const kept: EncodedEvents[] = []
  let first = 0
  for (const chunk of chunks) {
    const [low, high] = [Math.max(start - first, 0), Math.min(end - first, chunk.count)]
    if (low < high) kept.push(cutEntries(chunk, low, high))
    first += chunk.count
  }
  return kept
}
