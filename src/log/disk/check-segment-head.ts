import { basename } from 'node:path'
import { crc32 } from 'node:zlib'

import { headBytes, readHead } from './frame.js'
import { hexNumber, type Problem } from './problem.js'
import { isTorn } from './recovery.js'
import { formatVersion, readSegmentHead, segmentHeadBytes } from './segment-format.js'
import type { OpenedFile } from './sight.js'

export interface HeadCheck {
  readonly problems: readonly Problem[]
  /** Sequence of the first chunk. */
  readonly first: number
  /** Whether what follows are frames of this version. */
  readonly isReadable: boolean
  /** Whether it is as a torn write leaves it. */
  readonly isTorn: boolean
}

export async function checkSegmentHead({ path, file }: OpenedFile): Promise<HeadCheck> {
  const memory = Buffer.alloc(segmentHeadBytes + headBytes)
  const bytes = memory.subarray(0, await file.read(memory, 0))
  const named = Number.parseInt(basename(path).slice(0, 16), 16)
  const head = readSegmentHead(bytes.subarray(0, segmentHeadBytes))
  const isReadable = head !== 'newer' && readHead(bytes, segmentHeadBytes) !== undefined
  const torn = head === 'damaged' && !isReadable && (await isTorn(file))
  const problem = (at: number, size: number, expected: string, got: string): HeadCheck => ({
    problems: [{ path, at, bytes: size, expected, got }],
    first: named,
    isReadable,
    isTorn: torn,
  })
  if (typeof head === 'object') {
    if (head.first === named) return { problems: [], first: named, isReadable: true, isTorn: false }
    return problem(22, 8, `first chunk ${named}, as the name of the file says`, String(head.first))
  }
  if (head === 'newer') return problem(8, 2, `version ${formatVersion}`, `${bytes.readUInt16BE(8)}, of a newer Sluice`)
  if (head === 'foreign') return problem(0, 8, 'a segment, "SLUICELG"', `0x${bytes.toString('hex', 0, 8)}`)
  if (bytes.length < segmentHeadBytes)
    return problem(0, bytes.length, `a head of ${segmentHeadBytes} bytes`, `${bytes.length} bytes`)
  const sum = crc32(bytes.subarray(0, 30))
  return problem(0, segmentHeadBytes, `a head with CRC-32 ${hexNumber(bytes.readUInt32BE(30))}`, hexNumber(sum))
}
