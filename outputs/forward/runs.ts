import { type BatchChunk, type EncodedEvents, readEvents, skipValue, type Template } from 'sluice/plugin'

/** Neighbouring events of one chunk that go out under one tag, in one message; their bytes are not copied. */
export interface Run extends EncodedEvents {
  /** Which events these are: the same for every retry, and after a restart. */
  readonly name: string
}

/**
 * The events of a batch in order: a run for each chunk, whatever else the batch holds, so that a chunk is in the same message
 * each time; or runs of the tags that the template, if any, makes anew.
 */
export function runsOf(chunks: readonly BatchChunk[], template?: Template): Run[] {
  return chunks
    .filter(({ count }) => count > 0)
    .flatMap((chunk) => (template ? retagged(chunk, template) : whole(chunk)))
}

function whole({ id, tag, entries, count }: BatchChunk): Run {
  return { name: id, tag, entries, count }
}

function retagged(chunk: BatchChunk, template: Template): Run[] {
  const runs: Run[] = []
  let open: { tag: string; start: number; count: number } | undefined
  let start = 0
  for (const event of readEvents(chunk)) {
    const tag = template(event)
    if (open && open.tag !== tag) {
      runs.push(runOf(chunk, open, start))
      open = undefined
    }
    open ??= { tag, start, count: 0 }
    open.count++
    start = skipValue(chunk.entries, start)
  }
  if (open) runs.push(runOf(chunk, open, start))
  return runs
}

function runOf(
  { id, entries }: BatchChunk,
  { tag, start, count }: { tag: string; start: number; count: number },
  end: number,
): Run {
  return { name: `${id}@${start}`, tag, entries: entries.subarray(start, end), count }
}
