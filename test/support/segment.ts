import { frameStart, type FrameFields } from '../../src/log/disk/frame.js'
import { SegmentFile } from '../../src/log/disk/segment-file.js'
import { segmentHead, summaryFrame } from '../../src/log/disk/segment-format.js'
import { entryOf } from './entries.js'

export const testBoot = '0123456789abcdef0123456789abcdef'
const run = 'run123456789'

/** A chunk as the tests write it; whatever is left out has a value that harms nobody. */
export interface TestChunk extends Partial<FrameFields> {
  readonly sequence: number
  /** Encoded events; `count` small ones unless given. */
  readonly entries?: Uint8Array
}

/** The bytes of one frame. */
export function frameOf(chunk: TestChunk): Buffer {
  const { fields, entries } = wholeChunk(chunk)
  return Buffer.concat([frameStart(fields, entries), entries])
}

/** The bytes of a segment file with these chunks, with its summary at the end unless it is still written to. */
export function segmentOf(
  chunks: readonly TestChunk[],
  { closed = true, first = chunks[0]?.sequence ?? 0 } = {},
): Buffer {
  const segment = new SegmentFile('/', { run, first })
  const frames = chunks.map(frameOf)
  for (const [index, chunk] of chunks.entries()) segment.add(wholeChunk(chunk).fields, frames[index]?.length ?? 0)
  return Buffer.concat([segmentHead({ run, first }), ...frames, ...(closed ? [summaryFrame(segment.summary)] : [])])
}

function wholeChunk({ entries, ...given }: TestChunk): { readonly fields: FrameFields; readonly entries: Uint8Array } {
  const { count = 2, sequence } = given
  const fields = { time: 1_700_000_000_000 + sequence * 1000, uptime: 5000 + sequence * 1000, boot: testBoot }
  const events = Array.from({ length: count }, (_, n) => entryOf({ n }, 1_700_000_000 + sequence, n))
  return {
    fields: { ...fields, tag: 'a.b', input: 'in.0', output: '', count, ...given },
    entries: entries ?? Buffer.concat(events),
  }
}
