import { skipEntries } from '../event/cut-entries.js'
import type { EncodedEvents } from '../event/event.js'
import type { EventRun } from '../plugin/errors.js'

/** Events of a batch that go out in one request: neighbours, unless others between them go elsewhere. */
export interface Span {
  /** Where in the batch its events are, in order. */
  readonly runs: readonly EventRun[]
  readonly count: number
  readonly chunks: readonly EncodedEvents[]
}

/** These events of a batch; bytes are shared, and where they are all of it the chunks are too. */
export function spanOf(chunks: readonly EncodedEvents[], runs: readonly EventRun[]): Span {
  const count = countOf(runs)
  return { runs, count, chunks: count === countOf(chunks) ? chunks : cut(chunks, runs) }
}

/** The events of a span that have these places in it, counted from 0. */
export function partOf<S extends Span>(span: S, places: readonly EventRun[]): S {
  return { ...span, ...spanOf(span.chunks, places), runs: runsWithin(span, places) }
}

/** Both halves of a span of two events or more. */
export function halvesOf<S extends Span>(span: S): readonly [S, S] {
  const half = span.count >> 1
  return [partOf(span, [{ first: 0, count: half }]), partOf(span, [{ first: half, count: span.count - half }])]
}

/** Where in the batch the events are that have these places in the span, in order; in one pass, as both may be many. */
export function runsWithin({ runs }: Span, places: readonly EventRun[]): EventRun[] {
  const found: EventRun[] = []
  let [next, passed] = [0, 0]
  for (const { first: start, count: size } of places) {
    for (let run = runs[next]; run && passed < start + size; run = runs[++next]) {
      const [low, high] = [Math.max(start - passed, 0), Math.min(start + size - passed, run.count)]
      if (low < high) found.push({ first: run.first + low, count: high - low })
      if (high < run.count) break // what is left of it may have the next places
      passed += run.count
    }
  }
  return found
}

/** Growing places as runs. */
export function runsOf(places: Iterable<number>): EventRun[] {
  const runs: { first: number; count: number }[] = []
  for (const place of places) {
    const last = runs.at(-1)
    if (last && last.first + last.count === place) last.count++
    else runs.push({ first: place, count: 1 })
  }
  return runs
}

function countOf(parts: readonly { readonly count: number }[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0)
}

/** In one pass over the entries, since runs may be many. */
function cut(chunks: readonly EncodedEvents[], runs: readonly EventRun[]): EncodedEvents[] {
  const pieces: EncodedEvents[] = []
  let start = 0
  let next = 0
  for (const { tag, entries, count } of chunks) {
    const end = start + count
    let [place, offset] = [start, 0]
    for (let run = runs[next]; run && run.first < end; run = runs[++next]) {
      const [low, high] = [Math.max(run.first, start), Math.min(run.first + run.count, end)]
      const from = skipEntries(entries, offset, low - place)
      offset = skipEntries(entries, from, high - low)
      place = high
      pieces.push({ tag, entries: entries.subarray(from, offset), count: high - low })
      if (run.first + run.count > end) break // the rest of it is in the next chunk
    }
    start = end
  }
  return pieces
}
