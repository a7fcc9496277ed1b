import { idRange, type IdRange, lastExtended, lastStandard, patternFor } from './frame-pattern.js'
import type { SelectionLists } from './selection.js'

/** Identifiers, of 11 bits or extended to 29, that are `id` in the bits of `mask`. */
export interface IdBlock {
  readonly id: number
  readonly mask: number
  readonly extended: boolean
}

/** What a CAN raw socket takes (Linux, include/uapi/linux/can/raw.h: CAN_RAW_FILTER_MAX). */
const mostBlocks = 512

const everyId: readonly IdRange[] = [
  { least: 0, most: lastStandard, extended: false },
  { least: 0, most: lastExtended, extended: true },
]

/**
 * Blocks with all identifiers of a bus that the lists select, for whoever can keep back the rest before it is read. None where that
 * cannot be said: names of messages are allowed, nothing is left, or it takes more than 512 blocks. Denied names stay in.
 */
export function selectedBlocks({ allow, deny }: SelectionLists, bus: string): readonly IdBlock[] {
  const allowed = patternsOf(allow, bus).map(idRange)
  const from = allow.length === 0 ? everyId : allowed
  const denied = patternsOf(deny, bus).map(idRange)
  let left: readonly IdRange[] = []
  for (const range of from) {
    if (!range) return []
    left = [...without(left, range), range]
  }
  for (const range of denied) if (range) left = without(left, range)
  const blocks = left.flatMap(blocksOf)
  return blocks.length > mostBlocks || (allow.length === 0 && denied.length === 0) ? [] : blocks
}

function patternsOf(texts: readonly string[], bus: string): string[] {
  return texts.map((text) => patternFor(text, bus)).filter((rest) => rest !== undefined)
}

function without(ranges: readonly IdRange[], { least, most, extended }: IdRange): IdRange[] {
  return ranges.flatMap((range) => {
    if (range.extended !== extended || range.most < least || range.least > most) return [range]
    const parts = [
      { extended, least: range.least, most: least - 1 },
      { extended, least: most + 1, most: range.most },
    ]
    return parts.filter((part) => part.least <= part.most)
  })
}

/** The fewest blocks: each as large as where it begins and what is left allow. */
function blocksOf({ least, most, extended }: IdRange): IdBlock[] {
  const last = extended ? lastExtended : lastStandard
  const blocks: IdBlock[] = []
  for (let id = least; id <= most;) {
    let size = 1
    while (id % (size * 2) === 0 && id + size * 2 - 1 <= most) size *= 2
    blocks.push({ id, mask: last - (size - 1), extended })
    id += size
  }
  return blocks
}
