import { blankFrame } from '../../can/blank-frame.js'
import type { CanFrame } from '../../can/frame.js'
import type { LineKind, LineReader, Timing } from '../../can/text/line-reader.js'
import { LineScanner } from '../../can/text/line-scanner.js'
import { readSeconds } from '../../can/text/log-time.js'

/**
 * Reads what a socketcand sends in raw mode, each message up to its `>` (linux-can/socketcand, doc/protocol.md and state_raw.c):
 *
 *     < frame 123 23.424242 11223344 >        data of some versions have blanks between bytes
 *     < rtr 12345678 23.424242 4 >            eight digits are an identifier of 29 bits
 *     < error 040 23.424242 >                 the class alone, without data
 */
export class MessageReader implements LineReader {
  readonly #scan = new LineScanner()
  readonly bus = ''
  readonly timing: Timing = 'absolute'

  read(bytes: Uint8Array, start: number, end: number, frame: CanFrame): LineKind {
    const scan = this.#scan
    scan.begin(bytes, start, end)
    scan.skipBlanks()
    if (!scan.take(0x3c)) return 'bad'
    blankFrame(frame)
    if (scan.takeWord('frame')) return readHead(scan, frame) && readData(scan, frame) ? 'frame' : 'bad'
    if (scan.takeWord('rtr')) return readHead(scan, frame) && readRemote(scan, frame) ? 'frame' : 'bad'
    if (scan.takeWord('error')) return readError(scan, frame)
    return 'other'
  }
}

function readHead(scan: LineScanner, frame: CanFrame): boolean {
  scan.skipBlanks()
  frame.id = scan.hex(8)
  frame.extended = scan.digits > 3
  if (frame.id < 0 || frame.id > (frame.extended ? 0x1fff_ffff : 0x7ff) || !scan.isAtWordEnd) return false
  scan.skipBlanks()
  return readSeconds(scan, frame) && scan.isAtWordEnd
}

function readData(scan: LineScanner, frame: CanFrame): boolean {
  for (scan.skipBlanks(); !scan.isAtEnd; scan.skipBlanks()) {
    const byte = scan.octet()
    if (byte < 0 || frame.length === 8) return false
    frame.data[frame.length++] = byte
  }
  frame.dlc = frame.length
  return true
}

function readRemote(scan: LineScanner, frame: CanFrame): boolean {
  scan.skipBlanks()
  frame.remote = true
  frame.dlc = scan.decimal(2)
  frame.length = Math.min(frame.dlc, 8)
  return frame.dlc >= 0 && frame.dlc < 16
}

/** A refusal in words begins with the same word. */
function readError(scan: LineScanner, frame: CanFrame): LineKind {
  if (!readHead(scan, frame)) return 'other'
  frame.error = true
  frame.extended = false
  frame.length = 8
  frame.dlc = 8
  frame.data.fill(0, 0, 8)
  return 'frame'
}
