import type { DecodeCounts } from '../decode/counts.js'
import type { Deltas } from './deltas.js'

/** Tells what decoders met of what is not as it should be, since it was told last. */
export function tellDecoded(counts: Deltas, decoded: DecodeCounts): void {
  counts.tell('short_frames', decoded.shortFrames)
  counts.tell('unknown_selectors', decoded.unknownSelectors)
  counts.tell('missing_values', decoded.notAvailable)
  counts.tell('error_values', decoded.errors)
  counts.tell('counter_jumps', decoded.counterJumps)
  counts.tell('wrong_checksums', decoded.wrongChecksums)
}
