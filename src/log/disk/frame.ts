import { crc32 } from 'node:zlib'

/**
 * One chunk in a segment file. Numbers are big-endian.
 *
 *      0  4  "SLF1"
 *      4  4  size of the whole frame
 *      8  8  sequence
 *     16  8  time, milliseconds since 1970
 *     24  8  uptime of the machine, milliseconds
 *     32 16  boot id
 *     48  4  count of events
 *     52  2  bytes of the tag
 *     54  2  bytes of the input's id
 *     56  2  bytes of the output's id, 0 for every output that matches
 *     58  2  kind: 1 for events, 2 for the summary at the end of a segment
 *     60  4  CRC-32 of the body
 *     64  4  CRC-32 of bytes 0 to 63
 *     68     body: tag, input, output (UTF-8), entries
 *
 * With a checksum of its own the head can be trusted where the body is damaged: exactly that frame is then passed over.
 */
export interface FrameHead {
  readonly kind: number
  readonly size: number
  readonly sequence: number
  /** When the chunk was sealed, milliseconds since 1970. */
  readonly time: number
  /** The same on the clock of the boot, which nobody sets: milliseconds. */
  readonly uptime: number
  /** 32 hexadecimal digits. */
  readonly boot: string
  readonly count: number
  readonly tagBytes: number
  readonly inputBytes: number
  readonly outputBytes: number
  readonly bodySum: number
}

/** What a frame of events holds. */
export interface FrameFields extends Pick<FrameHead, 'sequence' | 'time' | 'uptime' | 'boot' | 'count'> {
  readonly tag: string
  /** Id of the input that the events came from. */
  readonly input: string
  /** Id of the one output that they are for; empty for every output that matches. */
  readonly output: string
}

export interface Frame extends FrameFields {
  /** Bytes in the file. */
  readonly size: number
  readonly entries: Uint8Array
}

export const headBytes = 68
export const frameKind = { events: 1, summary: 2 } as const

/** A size beyond this is no frame of ours. */
export const largestFrameBytes = 1024 * 1024 * 1024

const mark = Buffer.from('SLF1')

/** The bytes of a frame but for its entries, which follow: so they are written from where they lie. */
export function frameStart(fields: FrameFields, entries: Uint8Array): Buffer {
  const { sequence, time, uptime, boot, count, tag, input, output } = fields
  const tagBytes = Buffer.byteLength(tag)
  const inputBytes = Buffer.byteLength(input)
  const outputBytes = Buffer.byteLength(output)
  const start = Buffer.allocUnsafe(headBytes + tagBytes + inputBytes + outputBytes)
  start.write(tag + input + output, headBytes)
  const bodySum = crc32(entries, crc32(start.subarray(headBytes)))
  const size = start.length + entries.length
  const kind = frameKind.events
  // Not spread: that takes ten times as long.
  writeHead(start, { kind, size, sequence, time, uptime, boot, count, tagBytes, inputBytes, outputBytes, bodySum })
  return start
}

/** Bytes of the frame that these events will have. */
export function frameSize(
  { tag, input, output }: Pick<FrameFields, 'tag' | 'input' | 'output'>,
  bytes: number,
): number {
  return headBytes + Buffer.byteLength(tag) + Buffer.byteLength(input) + Buffer.byteLength(output) + bytes
}

/** A whole frame of another kind. */
export function otherFrame(kind: number, sequence: number, body: Uint8Array): Buffer {
  const frame = Buffer.concat([Buffer.alloc(headBytes), body])
  const none = { time: 0, uptime: 0, boot: '', count: 0, tagBytes: 0, inputBytes: 0, outputBytes: 0 }
  writeHead(frame, { ...none, kind, sequence, size: frame.length, bodySum: crc32(body) })
  return frame
}

function writeHead(bytes: Buffer, head: FrameHead): void {
  mark.copy(bytes)
  bytes.writeUInt32BE(head.size, 4)
  writeUInt64(bytes, head.sequence, 8)
  writeUInt64(bytes, Math.max(0, Math.round(head.time)), 16)
  writeUInt64(bytes, Math.max(0, Math.round(head.uptime)), 24)
  bytes.write(head.boot.padEnd(32, '0'), 32, 16, 'hex')
  bytes.writeUInt32BE(head.count, 48)
  bytes.writeUInt16BE(head.tagBytes, 52)
  bytes.writeUInt16BE(head.inputBytes, 54)
  bytes.writeUInt16BE(head.outputBytes, 56)
  bytes.writeUInt16BE(head.kind, 58)
  bytes.writeUInt32BE(head.bodySum, 60)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 64)), 64)
}

/** Of an integer that is safe. */
function writeUInt64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at)
  bytes.writeUInt32BE(value % 0x1_0000_0000, at + 4)
}

/** The head at this place, or undefined where there is none that is whole. */
export function readHead(bytes: Buffer, at: number): FrameHead | undefined {
  if (at + headBytes > bytes.length || bytes.compare(mark, 0, 4, at, at + 4) !== 0) return undefined
  if (bytes.readUInt32BE(at + 64) !== crc32(bytes.subarray(at, at + 64))) return undefined
  const head = {
    size: bytes.readUInt32BE(at + 4),
    sequence: Number(bytes.readBigUInt64BE(at + 8)),
    time: Number(bytes.readBigUInt64BE(at + 16)),
    uptime: Number(bytes.readBigUInt64BE(at + 24)),
    boot: bytes.toString('hex', at + 32, at + 48),
    count: bytes.readUInt32BE(at + 48),
    tagBytes: bytes.readUInt16BE(at + 52),
    inputBytes: bytes.readUInt16BE(at + 54),
    outputBytes: bytes.readUInt16BE(at + 56),
    kind: bytes.readUInt16BE(at + 58),
    bodySum: bytes.readUInt32BE(at + 60),
  }
  const namesEnd = headBytes + head.tagBytes + head.inputBytes + head.outputBytes
  return head.size < namesEnd || head.size > largestFrameBytes ? undefined : head
}

/** The frame behind a head, all of whose bytes are there; undefined where its body is damaged. */
export function readFrame(bytes: Buffer, at: number, head: FrameHead): Frame | undefined {
  const { size, bodySum, tagBytes, inputBytes, outputBytes, ...fields } = head
  const body = bytes.subarray(at + headBytes, at + size)
  if (crc32(body) !== bodySum) return undefined
  const inputAt = tagBytes
  const outputAt = inputAt + inputBytes
  const entriesAt = outputAt + outputBytes
  return {
    ...fields,
    size,
    tag: body.toString('utf8', 0, inputAt),
    input: body.toString('utf8', inputAt, outputAt),
    output: body.toString('utf8', outputAt, entriesAt),
    entries: body.subarray(entriesAt),
  }
}

/** Where the next whole head begins, at or behind `from`; -1 where there is none in these bytes. */
export function findHead(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + 1)) {
    if (readHead(bytes, at)) return at
  }
  return -1
}
