import { type BatchChunk, type EncodedEvents, readEvents, skipValue, type Template } from 'sluice/plugin'

/** Neighbouring events that go out under one tag in one message. */
export interface Run {
  readonly tag: string
  /** Pieces of chunks, as they stand: their bytes are not copied. */
  readonly entries: Uint8Array[]
  count: number
  bytes: number
  /** Which events these are, piece by piece; the same for every retry. */
  readonly names: string[]
}

interface Piece extends EncodedEvents {
  readonly name: string
}

/**
 * No chunk joins a run that would grow beyond this. The server acknowledges message by message, so over a slow link one of
 * this size is what has to be sent again at most.
 */
const mostRunBytes = 256 * 1024

/** The events of a batch in order, cut into runs. The template, if any, makes their tags anew. */
export function runsOf(chunks: readonly BatchChunk[], template?: Template): Run[] {
  const runs: Run[] = []
  for (const piece of template ? retagged(chunks, template) : named(chunks)) {
    const last = runs.at(-1)
    if (last?.tag === piece.tag && last.bytes + piece.entries.length <= mostRunBytes) {
      last.entries.push(piece.entries)
      last.names.push(piece.name)
      last.count += piece.count
      last.bytes += piece.entries.length
    } else {
      const { tag, entries, count } = piece
      runs.push({ tag, entries: [entries], names: [piece.name], count, bytes: entries.length })
    }
  }
  return runs
}

function* named(chunks: readonly BatchChunk[]): Iterable<Piece> {
  for (const { id, tag, entries, count } of chunks) if (count > 0) yield { name: id, tag, entries, count }
}

function* retagged(chunks: readonly BatchChunk[], template: Template): Iterable<Piece> {
  for (const chunk of chunks) {
    let open: { tag: string; start: number; count: number } | undefined
    let start = 0
    for (const event of readEvents(chunk)) {
      const tag = template(event)
      if (open && open.tag !== tag) {
        yield pieceOf(chunk, open, start)
        open = undefined
      }
      open ??= { tag, start, count: 0 }
      open.count++
      start = skipValue(chunk.entries, start)
    }
    if (open) yield pieceOf(chunk, open, start)
  }
}

function pieceOf(
  chunk: BatchChunk,
  { tag, start, count }: { tag: string; start: number; count: number },
  end: number,
): Piece {
  return { name: `${chunk.id}@${start}`, tag, entries: chunk.entries.subarray(start, end), count }
}
