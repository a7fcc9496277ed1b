import { skipValue } from '../event/entry-skipper.js'
import type { EncodedEvents } from '../event/event.js'

/** The events of one chunk that were refused, cut out of it. */
export interface Rejected {
  /** How many of each chunk of the batch, in its order. */
  readonly counts: readonly number[]
  readonly events: readonly EncodedEvents[]
}

/** Finds the refused events of a batch by their indexes in it. */
export function cutRejected(chunks: readonly EncodedEvents[], indexes: ReadonlySet<number>): Rejected {
  const counts: number[] = []
  const events: EncodedEvents[] = []
  let first = 0
  for (const chunk of chunks) {
    const cut = cutChunk(chunk, first, indexes)
    counts.push(cut.length)
    events.push(...cut)
    first += chunk.count
  }
  return { counts, events }
}

function cutChunk(chunk: EncodedEvents, first: number, indexes: ReadonlySet<number>): EncodedEvents[] {
  const cut: EncodedEvents[] = []
  let start = 0
  for (let index = first; index < first + chunk.count; index++) {
    const end = skipValue(chunk.entries, start)
    if (indexes.has(index)) cut.push({ tag: chunk.tag, entries: chunk.entries.subarray(start, end), count: 1 })
    start = end
  }
  return cut
}
