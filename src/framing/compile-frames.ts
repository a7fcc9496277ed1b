import { Pattern } from '../base/regex/pattern.js'
import { AgentError } from '../plugin/errors.js'
import type { FramerOptions } from '../plugin/framing.js'
import { LineScanner } from '../plugin/framing-lines.js'
import type { Scanner } from '../plugin/framing-scanner.js'
import { wholeScanner } from '../plugin/framing-whole.js'
import { readByteText } from './byte-text.js'
import { HuntingScanner, leastSize, type SizedFrames } from './hunting-scanner.js'
import type { FramingOptions, FramingType } from './options.js'
import { PatternScanner } from './pattern-scanner.js'
import type { PlacedChecksum } from './placed-checksum.js'
import { StartStopScanner } from './start-stop-scanner.js'
import { stuffedScanner } from './stuffed-scanner.js'
import { both, bufferOf, cobs, decodeHex, skipEmpty, type Undo, unstuffing } from './undo.js'
import { maskedStuffing, slipStuffing } from './unstuff.js'

type Told = Pick<FramerOptions, 'maxFrame' | 'onOversize' | 'onDamage' | 'onNoise'>
type Open = NonNullable<FramerOptions['open']>

/** How one kind of frames is found, and what they hold; a scanner is for one stream. */
export interface Frames {
  scanner(told: Told): Scanner
  /** The content of a frame that the scanner found; undefined where it is damaged, which was told. */
  open(told: Told): Open | undefined
}

const empty = Buffer.alloc(0)
const slipEnd = Buffer.of(0xc0)
const slipEscape = 0xdb

/** The options fit the type: `checkedType` saw to it. Throws an AgentError where one of them cannot be read. */
export function compileFrames(
  type: FramingType,
  options: FramingOptions,
  checksum: PlacedChecksum | undefined,
): Frames {
  const undo = options['framing.encoding'] === 'hex' ? decodeHex : undefined
  const plain = (scanner: () => Scanner): Frames => ({ scanner, open: opener(undo, checksum) })
  switch (type) {
    case 'line':
      return plain(() => new LineScanner())
    case 'delimiter': {
      const delimiter = bytesIn('framing.delimiter', options)
      return plain(() => new LineScanner(delimiter))
    }
    case 'pattern': {
      const pattern = new Pattern(options['framing.pattern'] ?? '')
      return plain(() => new PatternScanner(pattern))
    }
    case 'slip':
      return stuffed(slipEnd, opener(unstuffing(slipEscape, slipStuffing), checksum))
    case 'cobs':
    case 'cobs_r':
      return stuffed(Buffer.of(0), opener(cobs(type === 'cobs_r'), checksum))
    case 'start_stop':
      return startStop(options, checksum)
    case 'fixed':
    case 'length_prefix':
      return sized(type, options, checksum)
    case 'idle':
      return plain(() => wholeScanner)
  }
}

function bytesIn(name: 'framing.delimiter' | 'framing.start' | 'framing.stop', options: FramingOptions): Buffer {
  const text = options[name]
  return text === undefined ? empty : readByteText(name, text)
}

function stuffed(delimiter: Buffer, open: Frames['open']): Frames {
  return { scanner: (told) => stuffedScanner(delimiter, told), open }
}

/** Frames whose start is their stop too have it between them, as HDLC has its flag (RFC 1662, section 4.1). */
function startStop(options: FramingOptions, checksum: PlacedChecksum | undefined): Frames {
  const start = bytesIn('framing.start', options)
  const stop = bytesIn('framing.stop', options)
  const escape = escapeIn(options)
  const plain =
    escape === undefined ? skipEmpty : unstuffing(escape, maskedStuffing(options['framing.escape_xor'] ?? 0))
  const undo = options['framing.encoding'] === 'hex' ? both(plain, decodeHex) : plain
  const behind = checksum?.behindStop ? checksum : undefined
  const open = opener(undo, behind ? undefined : checksum)
  if (!start.equals(stop))
    return { scanner: (told) => new StartStopScanner({ start, stop, escape, checksum: behind }, told), open }
  if (!behind) return stuffed(start, open)
  throw new AgentError('FRAMING_OPTION', 'framing.checksum_place: expected a stop that is not the start, got the same')
}

function escapeIn({ 'framing.escape': text }: FramingOptions): number | undefined {
  if (text === undefined) return undefined
  const bytes = readByteText('framing.escape', text)
  if (bytes.length === 1) return bytes[0]
  throw new AgentError('FRAMING_OPTION', `framing.escape: expected one byte, got ${bytes.length}`)
}

function sized(type: 'fixed' | 'length_prefix', options: FramingOptions, checksum: PlacedChecksum | undefined): Frames {
  const start = bytesIn('framing.start', options)
  const stop = bytesIn('framing.stop', options)
  const keepHeader = options['framing.keep_header'] ?? false
  const size = type === 'fixed' ? fixedSize(start, options) : prefixedSize(start, options)
  const frames: SizedFrames = { start, stop, keepHeader, checksum, ...size }
  checkRoom(frames, options['framing.size'])
  return { scanner: (told) => new HuntingScanner(frames, told), open: () => undefined }
}

function checkRoom(frames: SizedFrames, size: number | undefined): void {
  const least = leastSize(frames)
  if (size === undefined || size >= least) return
  const message = `framing.size: expected at least ${least}, which marks and checksum take, got ${size}`
  throw new AgentError('FRAMING_OPTION', message)
}

function fixedSize(
  start: Buffer,
  { 'framing.size': size = 1 }: FramingOptions,
): Pick<SizedFrames, 'header' | 'sizeAt'> {
  return { header: start.length, sizeAt: () => size }
}

function prefixedSize(start: Buffer, options: FramingOptions): Pick<SizedFrames, 'header' | 'sizeAt'> {
  const { 'framing.offset': offset = start.length, 'framing.width': width = 2, 'framing.adjust': adjust = 0 } = options
  const header = Math.max(start.length, offset + width)
  const least = offset + width + adjust
  if (options['framing.endian'] === 'little') {
    return { header, sizeAt: (bytes, at) => least + littleAt(bytes, at + offset, width) }
  }
  return { header, sizeAt: (bytes, at) => least + bigAt(bytes, at + offset, width) }
}

function bigAt(bytes: Buffer, at: number, width: number): number {
  let value = 0
  for (let index = at; index < at + width; index++) value = value * 256 + (bytes[index] as number)
  return value
}

function littleAt(bytes: Buffer, at: number, width: number): number {
  let value = 0
  for (let index = at + width - 1; index >= at; index--) value = value * 256 + (bytes[index] as number)
  return value
}

/** With `undo`, frames without bytes are none: that is what lies between the end of one and the start of the next. */
function opener(undo: Undo | undefined, checksum: PlacedChecksum | undefined): Frames['open'] {
  if (!undo && !checksum) return () => undefined
  return (told) => (frame) => {
    if (undo && frame.length === 0) return undefined
    const bytes = undo ? undo(bufferOf(frame)) : frame
    if (!bytes) told.onDamage?.('bad_stuffing')
    return bytes && checksum ? checkedContent(bytes, checksum, told) : bytes
  }
}

function checkedContent(bytes: Uint8Array, checksum: PlacedChecksum, told: Told): Uint8Array | undefined {
  if (checksum.holds(bytes, 0, bytes.length)) return bytes.subarray(0, bytes.length - checksum.taken)
  told.onDamage?.('bad_checksum')
  return undefined
}
