import fc from 'fast-check'
import { checksumOf } from '../../src/framing/index.js'

/** A framing as a device would speak it: options, and how it writes a frame. */
export interface Spoken {
  readonly name: string
  readonly framing: { readonly [option: string]: unknown }
  /** What frames may hold. */
  readonly content: fc.Arbitrary<Uint8Array>
  write(content: Uint8Array): Uint8Array
  /** What may stand between two frames and begins none; without it nothing may. */
  readonly noise?: fc.Arbitrary<Uint8Array>
}

const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 40 })
const without = (...bytes: readonly number[]): fc.Arbitrary<Uint8Array> =>
  anyBytes.filter((all) => !bytes.some((byte) => all.includes(byte)))

/** A frame with its checksum behind it, as it goes over the wire. */
export function summed(name: string, bytes: Uint8Array): Buffer {
  const { sum, bytes: size, endian } = checksumOf(name)
  const tail = Buffer.alloc(size)
  const value = sum(bytes, 0, bytes.length)
  if (endian === 'little') tail.writeUIntLE(value, 0, size)
  else tail.writeUIntBE(value, 0, size)
  return Buffer.concat([bytes, tail])
}

function prefixed(content: Uint8Array): Buffer {
  return summed('CRC-16/MODBUS', Buffer.concat([Uint8Array.of(0xaa, 0x55, content.length + 2), content]))
}

/** RFC 1055, as its own program does it: an END in front ends what noise there was. */
export function slip(content: Uint8Array): Buffer {
  const stuffed = Array.from(content, (byte) => (byte === 0xc0 ? [0xdb, 0xdc] : byte === 0xdb ? [0xdb, 0xdd] : [byte]))
  return Buffer.from([0xc0, ...stuffed.flat(), 0xc0])
}

/** Cheshire and Baker's code, with its zero behind it and one in front. */
export function cobs(content: Uint8Array): Buffer {
  const blocks: Uint8Array[] = []
  let rest = Buffer.concat([content, Uint8Array.of(0)])
  while (rest.length > 0) {
    const zero = rest.indexOf(0)
    const full = zero >= 254
    const length = full ? 254 : zero
    blocks.push(Uint8Array.of(length + 1), rest.subarray(0, length))
    rest = rest.subarray(full ? length : length + 1)
    if (full && rest.length === 1) break
  }
  return Buffer.concat([Uint8Array.of(0), ...blocks, Uint8Array.of(0)])
}

/** The same as COBS/R has it: the last code is the last byte, where that is no less. */
function reduced(stuffed: Buffer): Buffer {
  const end = stuffed.length - 1
  let at = 1
  while (at + (stuffed[at] ?? 0) < end) at += stuffed[at] as number
  const [code = 0, last = 0] = [stuffed[at], stuffed[end - 1]]
  if (at + 1 === end || last < code) return stuffed
  return Buffer.concat([
    stuffed.subarray(0, at),
    Uint8Array.of(last),
    stuffed.subarray(at + 1, end - 1),
    Uint8Array.of(0),
  ])
}

function hexSum(name: string, content: Uint8Array): string {
  const { sum, bytes } = checksumOf(name)
  return sum(content, 0, content.length)
    .toString(16)
    .padStart(bytes * 2, '0')
}

function escaped(content: Uint8Array): Buffer {
  const stuffed = Array.from(content, (byte) => ([0x02, 0x03, 0x7d].includes(byte) ? [0x7d, byte ^ 0x20] : [byte]))
  return Buffer.from([0x02, ...stuffed.flat(), 0x03])
}

function doubled(content: Uint8Array): Buffer {
  const stuffed = Array.from(content, (byte) => (byte === 0x10 ? [0x10, 0x10] : [byte]))
  return Buffer.from([0x10, 0x02, ...stuffed.flat(), 0x10, 0x03])
}

const wrapped = (before: string, after: string) => (content: Uint8Array) =>
  Buffer.concat([Buffer.from(before, 'latin1'), content, Buffer.from(after, 'latin1')])

export const spoken: readonly Spoken[] = [
  { name: 'lines', framing: { type: 'line' }, content: without(0x0a, 0x0d), write: wrapped('', '\r\n') },
  {
    name: 'lines with a checksum',
    framing: { type: 'line', checksum: 'CRC-32', checksum_form: 'hex', checksum_gap: 1 },
    content: without(0x0a, 0x0d),
    write: (content) => wrapped('', `#${hexSum('CRC-32', content)}\n`)(content),
  },
  {
    name: 'a delimiter',
    framing: { type: 'delimiter', delimiter: '\\x03;' },
    content: without(0x03),
    write: wrapped('', '\x03;'),
  },
  {
    name: 'a pattern',
    framing: { type: 'pattern', pattern: '[\\r\\n]+|END' },
    content: without(0x0a, 0x0d, 0x45),
    write: (content) => wrapped('', ['\r\n', '\n\n', 'END'][content.length % 3] ?? '')(content),
    noise: fc.constantFrom(Buffer.from('\r\n'), Buffer.from('END')),
  },
  {
    name: 'a fixed size',
    framing: { type: 'fixed', size: 8 },
    content: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    write: (content) => content,
  },
  {
    name: 'a fixed size with marks',
    framing: { type: 'fixed', size: 8, start: '0x1b', stop: '0x0d', checksum: 'sum8' },
    content: fc.uint8Array({ minLength: 5, maxLength: 5 }).filter((all) => !all.includes(0x1b)),
    write: (content) =>
      Buffer.concat([summed('sum8', Buffer.concat([Uint8Array.of(0x1b), content])), Uint8Array.of(0x0d)]),
    noise: without(0x1b),
  },
  {
    name: 'a length alone',
    framing: { type: 'length_prefix', width: 4, endian: 'little' },
    content: anyBytes,
    write: (content) => Buffer.concat([Uint8Array.of(content.length, 0, 0, 0), content]),
  },
  {
    name: 'a length with a start and a checksum',
    framing: { type: 'length_prefix', start: '0xaa55', width: 1, checksum: 'CRC-16/MODBUS' },
    content: anyBytes,
    write: prefixed,
    noise: without(0xaa),
  },
  { name: 'SLIP', framing: { type: 'slip' }, content: anyBytes, write: slip },
  {
    name: 'SLIP with a checksum',
    framing: { type: 'slip', checksum: 'CRC-16/X-25' },
    content: anyBytes,
    write: (content) => slip(summed('CRC-16/X-25', content)),
  },
  { name: 'COBS', framing: { type: 'cobs' }, content: fc.uint8Array({ minLength: 1, maxLength: 600 }), write: cobs },
  {
    name: 'start and stop',
    framing: { type: 'start_stop', start: ':', stop: '\\r\\n' },
    content: without(0x3a, 0x0d),
    write: wrapped(':', '\r\n'),
    noise: without(0x3a),
  },
  {
    name: 'a stop that begins as the start does',
    framing: { type: 'start_stop', start: '~', stop: '~~;' },
    content: without(0x7e),
    write: wrapped('~', '~~;'),
    noise: without(0x7e),
  },
  {
    name: 'start and stop with a mask',
    framing: { type: 'start_stop', start: '\\x02', stop: '\\x03', escape: '0x7d', escape_xor: 0x20 },
    content: anyBytes,
    write: escaped,
    noise: without(0x02),
  },
  {
    name: 'start and stop of two bytes with doubling',
    framing: { type: 'start_stop', start: '0x1002', stop: '0x1003', escape: '0x10' },
    content: anyBytes,
    write: doubled,
    noise: without(0x10),
  },
  {
    name: 'start and stop with a checksum behind them',
    framing: {
      ...{ type: 'start_stop', start: '\\x02', stop: '\\x03', escape: '0x7d', escape_xor: 0x20 },
      ...{ checksum: 'CRC-16/MODBUS', checksum_place: 'behind_stop' },
    },
    content: anyBytes,
    write: (content) => Buffer.concat([Uint8Array.of(0x02), summed('CRC-16/MODBUS', escaped(content).subarray(1))]),
    noise: without(0x02),
  },
  {
    name: 'a length with a stop and a checksum behind them',
    framing: {
      ...{ type: 'length_prefix', start: '0xaa', width: 1, stop: '0x16', checksum: 'CRC-16/XMODEM' },
      checksum_place: 'behind_stop',
    },
    content: anyBytes,
    write: (content) => {
      const head = Uint8Array.of(0xaa, content.length + 3)
      return summed('CRC-16/XMODEM', Buffer.concat([head, content, Uint8Array.of(0x16)]))
    },
    noise: without(0xaa),
  },
  {
    name: 'Modbus ASCII',
    framing: { type: 'start_stop', start: ':', stop: '\\r\\n', encoding: 'hex', checksum: 'sum8_twos' },
    content: anyBytes,
    write: (content) => wrapped(':', '\r\n')(Buffer.from(summed('sum8_twos', content).toString('hex'))),
    noise: without(0x3a),
  },
  {
    name: 'COBS, reduced',
    framing: { type: 'cobs_r' },
    content: fc.uint8Array({ minLength: 1, maxLength: 600 }),
    write: (content) => reduced(cobs(content)),
  },
  {
    name: 'COBS with a checksum',
    framing: { type: 'cobs', checksum: 'CRC-32' },
    content: anyBytes,
    write: (content) => cobs(summed('CRC-32', content)),
  },
  {
    name: 'delimiters with a checksum',
    framing: { type: 'delimiter', delimiter: ';', checksum: 'CRC-16/KERMIT', checksum_form: 'hex' },
    content: without(0x3b),
    write: (content) => wrapped('', `${hexSum('CRC-16/KERMIT', content)};`)(content),
  },
  {
    name: 'HDLC',
    framing: { type: 'start_stop', start: '~', stop: '~', escape: '}', escape_xor: 32, checksum: 'CRC-16/X-25' },
    content: anyBytes,
    write: (content) => {
      const stuffed = Array.from(summed('CRC-16/X-25', content), (byte) =>
        [0x7e, 0x7d].includes(byte) ? [0x7d, byte ^ 0x20] : [byte],
      )
      return Buffer.from([0x7e, ...stuffed.flat(), 0x7e])
    },
  },
]
