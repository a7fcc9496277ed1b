import { framingOf, framingOptions } from '../src/framing/index.js'
import { compileLayout } from '../src/layout/index.js'
import type { Options } from '../src/plugin/options.js'
import { cobs, slip, summed } from '../test/support/framed-streams.js'
import { valuesOf } from '../test/support/options.js'
import { type CostRow, measure, printCosts } from './measure.js'

/** What it costs to find the frames of a read of 64 KiB, beside looking for one byte in as many; and to make a record of a frame. */

const readBytes = 65_536
const content = Buffer.from(Array.from({ length: 30 }, (_, index) => (index * 37 + 11) & 0xff || 1))
const text = Buffer.from('weight=+0004.51kg;stable;#0192')

interface Kind {
  readonly name: string
  readonly framing: { readonly [option: string]: unknown }
  readonly frame: Uint8Array
}

const crc = 'CRC-16/MODBUS'
/** `behind` are the bytes that the length counts besides the content. */
const prefixed = (behind: number): Buffer => Buffer.concat([Buffer.of(0xaa, 0x55, content.length + behind), content])
const kinds: readonly Kind[] = [
  { name: 'line', framing: { type: 'line' }, frame: Buffer.from(`${text.toString()}\r\n`) },
  {
    name: 'delimiter of 2 bytes',
    framing: { type: 'delimiter', delimiter: '\\r\\n' },
    frame: Buffer.from(`${text.toString()}\r\n`),
  },
  { name: 'pattern', framing: { type: 'pattern', pattern: '[\\r\\n]+' }, frame: Buffer.from(`${text.toString()}\r\n`) },
  { name: 'fixed', framing: { type: 'fixed', size: content.length }, frame: content },
  {
    name: 'length_prefix',
    framing: { type: 'length_prefix', start: '0xaa55', width: 1 },
    frame: prefixed(0),
  },
  {
    name: `length_prefix, ${crc}`,
    framing: { type: 'length_prefix', start: '0xaa55', width: 1, checksum: crc },
    frame: summed(crc, prefixed(2)),
  },
  { name: 'slip', framing: { type: 'slip' }, frame: slip(content) },
  { name: 'slip, CRC-32', framing: { type: 'slip', checksum: 'CRC-32' }, frame: slip(summed('CRC-32', content)) },
  { name: 'cobs', framing: { type: 'cobs' }, frame: cobs(content) },
  {
    name: 'start_stop',
    framing: { type: 'start_stop', start: '\\x02', stop: '\\x03', escape: '}' },
    frame: Buffer.concat([Buffer.of(2), text, Buffer.of(3)]),
  },
  {
    name: 'start_stop, xor in digits',
    framing: { type: 'start_stop', start: '$', stop: '\\r\\n', checksum: 'xor', checksum_form: 'hex', checksum_gap: 1 },
    frame: Buffer.from('$GPGLL,5057.970,N,00146.110,E,142451,A*27\r\n'),
  },
]

function rowOf({ name, framing, frame }: Kind): CostRow {
  const count = Math.floor(readBytes / frame.length)
  const read = Buffer.concat(Array.from({ length: count }, () => frame))
  const options = { ...valuesOf(framingOptions as Options, { framing }), buffer_size: 4096 } as Parameters<
    typeof framingOf
  >[0]
  const framer = framingOf(options)?.framer({ maxFrame: 4096, onOversize: fail, onDamage: fail, onNoise: fail })
  const find = (): number => [...(framer?.push(read) ?? [])].length
  if (find() < count - 1) throw new Error(`${name}: found ${find()} of ${count}`)
  const cost = measure(count, find)
  const floor = { name: 'indexOf', cost: measure(count, () => ends(read, frame)) }
  const rate = ((frame.length / cost) * 1000).toFixed(0)
  return { name: `${name} (${frame.length} bytes, ${rate} MB/s)`, cost, unit: 'frame', floor }
}

/** Where each frame ends, by nothing but Buffer.indexOf of its last byte. */
function ends(read: Buffer, frame: Uint8Array): number {
  const last = frame.at(-1) ?? 0
  let count = 0
  for (let at = read.indexOf(last); at >= 0; at = read.indexOf(last, at + 1)) count++
  return count
}

function fail(reason: unknown): never {
  throw new Error(String(reason))
}

const layout = compileLayout([
  { name: 'status', type: 'u8', enum: { 0: 'moving', 1: 'stable' } },
  { name: 'weight', type: 'i32be', scale: 0.01 },
  { type: 'u8', bits: { open: '0', level: '4..6' } },
  { name: 'temperature', type: 'f32le' },
  { name: 'serial', type: 'u64be' },
])
const scale = Buffer.from('01000001c3510000ac41000000000000002a', 'hex')

printCosts('Frames of a stream, in reads of 64 KiB', kinds.map(rowOf))
printCosts('A record of a frame', [
  { name: '6 fields of 18 bytes', cost: measure(1, () => layout(scale)), unit: 'frame' },
])
