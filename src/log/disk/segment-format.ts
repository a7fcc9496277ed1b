import { crc32 } from 'node:zlib'

import { frameKind, headBytes, otherFrame } from './frame.js'

/**
 * A segment file: a head, frames, and a summary once nothing more is added.
 *
 *     0  8  "SLUICELG"
 *     8  2  version: 1
 *    10 12  run of the agent that wrote it, text: begins the ids of its chunks
 *    22  8  sequence of its first chunk
 *    30  4  CRC-32 of bytes 0 to 29
 *    34     frames
 *
 * The summary is a frame of its own kind whose body is JSON text, and its size as four bytes: so it is found from the end of the
 * file, and a start need not read all frames.
 */
export interface SegmentHead {
  readonly run: string
  readonly first: number
}

/** Chunks of a segment that have the same tag, input and output. */
export interface Group {
  readonly tag: string
  readonly input: string
  readonly output: string
  chunks: number
  events: number
  /** Of the frames. */
  bytes: number
}

export interface Summary {
  readonly last: number
  /** When the newest chunk was sealed: milliseconds since 1970, and of the boot that is named. */
  readonly time: number
  readonly uptime: number
  readonly boot: string
  readonly groups: readonly Group[]
}

export const segmentHeadBytes = 34
export const formatVersion = 1
/** Text of a run. */
export const runBytes = 12

const mark = 'SLUICELG'
const lengthBytes = 4

export function segmentHead({ run, first }: SegmentHead): Buffer {
  const head = Buffer.alloc(segmentHeadBytes)
  head.write(mark, 0, 'latin1')
  head.writeUInt16BE(formatVersion, 8)
  head.write(run, 10, runBytes, 'latin1')
  head.writeBigUInt64BE(BigInt(first), 22)
  head.writeUInt32BE(crc32(head.subarray(0, 30)), 30)
  return head
}

/** What the first bytes of a file say it is. */
export function readSegmentHead(bytes: Buffer): SegmentHead | 'foreign' | 'newer' | 'damaged' {
  const begin = bytes.toString('latin1', 0, mark.length)
  // Zeros are what a disk has where it was to write, and did not.
  if (!mark.startsWith(begin.replace(/\0+$/, ''))) return 'foreign'
  if (bytes.length < segmentHeadBytes) return 'damaged'
  if (bytes.readUInt32BE(30) !== crc32(bytes.subarray(0, 30))) return 'damaged'
  if (bytes.readUInt16BE(8) > formatVersion) return 'newer'
  return { run: bytes.toString('latin1', 10, 10 + runBytes), first: Number(bytes.readBigUInt64BE(22)) }
}

/** Bytes of a group's entries alone, without the heads and names of their frames. */
export function entryBytes({ tag, input, output, chunks, bytes }: Group): number {
  return bytes - chunks * (headBytes + Buffer.byteLength(tag + input + output))
}

/** `0000000000000000.seg`: names sort as the sequences do. */
export function segmentName(first: number): string {
  return `${first.toString(16).padStart(16, '0')}.seg`
}

export function isSegmentName(name: string): boolean {
  return /^[0-9a-f]{16}\.seg$/.test(name)
}

export function summaryFrame(summary: Summary): Buffer {
  const text = Buffer.from(JSON.stringify(summary))
  const body = Buffer.concat([text, Buffer.alloc(lengthBytes)])
  const frame = otherFrame(frameKind.summary, summary.last, body)
  // The size stands within the body, whose checksum must hold it too.
  body.writeUInt32BE(frame.length, text.length)
  return otherFrame(frameKind.summary, summary.last, body)
}

export function readSummary(body: Buffer): Summary {
  return JSON.parse(body.toString('utf8', 0, body.length - lengthBytes)) as Summary
}

/** How long the summary would be that ends with these bytes; anything at all where there is none. */
export function summarySize(lastBytes: Buffer): number {
  return lastBytes.readUInt32BE(lastBytes.length - lengthBytes)
}
