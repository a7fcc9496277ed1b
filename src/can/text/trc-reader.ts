import { blankFrame, busError } from '../blank-frame.js'
import { dlcOf, lengthOf } from '../dlc.js'
import { type CanFrame, longestData } from '../frame.js'
import type { LineKind, LineReader, Timing } from './line-reader.js'
import { LineScanner } from './line-scanner.js'
import { addTime, readSeconds } from './log-time.js'
import { newTrcHeader, readTrcHeader } from './trc-header.js'

/**
 * Reads trace files of PEAK's tools, TRC, versions 1.0 to 2.1 (PEAK-System, PEAK CAN TRC File Format):
 *
 *     1)     17535.4  Tx     00000100  8  00 00 00 00 00 00 00 00       1.1
 *     1     17535.400 DT 1  00000100 Tx -  8    00 00 00 00 00 00 00 00       2.1
 *
 * Identifiers of more than four digits are extended. Bus 1 is `can0`. Warnings and the state of the bus are passed over.
 */
export class TrcReader implements LineReader {
  readonly #scan = new LineScanner()
  readonly #header = newTrcHeader()
  readonly #buses: string[]
  bus = 'can0'

  constructor(channels: readonly string[] = []) {
    this.#buses = [...channels]
  }

  get timing(): Timing {
    return this.#header.seconds === undefined ? 'relative' : 'absolute'
  }

  read(bytes: Uint8Array, start: number, end: number, frame: CanFrame): LineKind {
    const scan = this.#scan
    scan.begin(bytes, start, end)
    scan.skipBlanks()
    if (scan.isAtEnd) return 'other'
    if (scan.peek === 0x3b) return this.#readHeader()
    blankFrame(frame)
    this.bus = this.#nameOf(1)
    for (const column of this.#header.columns) {
      const kind = this.#readColumn(column, frame)
      if (kind !== undefined) return kind
    }
    return 'bad'
  }

  /** Undefined where the line goes on. */
  #readColumn(column: string, frame: CanFrame): LineKind | undefined {
    const scan = this.#scan
    scan.skipBlanks()
    switch (column) {
      case 'O':
        return this.#readTime(frame) ? undefined : 'bad'
      case 'B':
        return this.#readBus() ? undefined : 'bad'
      case 'T':
        return readType(scan, frame)
      case 'd':
        return readDirection(scan, frame)
      case 'I':
        return readIdentifier(scan, frame)
      case 'l':
      case 'L':
        return readLength(scan, frame, column)
      case 'D':
        return readData(scan, frame) ? 'frame' : 'bad'
      default:
        // The number of the line, what is reserved, and columns that are not known.
        scan.skipWord()
        return undefined
    }
  }

  /** Milliseconds with up to three decimals. */
  #readTime(frame: CanFrame): boolean {
    if (!readSeconds(this.#scan, frame)) return false
    const { seconds: ms, nanoseconds: part } = frame
    frame.seconds = Math.floor(ms / 1000)
    frame.nanoseconds = (ms % 1000) * 1e6 + Math.round(part / 1000)
    addTime(frame, this.#header.seconds ?? 0, this.#header.nanoseconds)
    return true
  }

  #readBus(): boolean {
    const bus = this.#scan.decimal(3)
    // Where nobody knows the bus there is a hyphen.
    if (bus < 0) return this.#scan.take(0x2d)
    this.bus = this.#nameOf(bus)
    return true
  }

  #readHeader(): LineKind {
    const { bytes, at, end } = this.#scan
    readTrcHeader(this.#header, Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1'))
    return 'other'
  }

  #nameOf(bus: number): string {
    const index = Math.max(0, bus - 1)
    return (this.#buses[index] ??= `can${index}`)
  }
}

/** The types of version 2: data, CAN FD with a bit rate switch, from an error passive sender or both, remote, error. */
function readType(scan: LineScanner, frame: CanFrame): LineKind | undefined {
  if (scan.takeWord('DT')) return undefined
  frame.bitRateSwitch = scan.takeWord('FB')
  frame.errorState = scan.takeWord('FE')
  if (scan.takeWord('BI')) frame.bitRateSwitch = frame.errorState = true
  frame.fd = frame.bitRateSwitch || frame.errorState || scan.takeWord('FD')
  if (frame.fd) return undefined
  frame.remote = scan.takeWord('RR')
  return frame.remote ? undefined : readError(scan, frame, 'ER')
}

/** What else stands where a direction does in version 1 is a word for an error or a warning. */
function readDirection(scan: LineScanner, frame: CanFrame): LineKind | undefined {
  frame.sent = scan.takeWord('Tx')
  return frame.sent || scan.takeWord('Rx') ? undefined : readError(scan, frame, 'Error')
}

function readError(scan: LineScanner, frame: CanFrame, word: string): LineKind {
  if (!scan.takeWord(word)) return 'other'
  busError(frame)
  return 'frame'
}

/** The identifier FFFFFFFF is that of a warning in version 1.0. */
function readIdentifier(scan: LineScanner, frame: CanFrame): LineKind | undefined {
  const id = scan.hex(8)
  if (id === 0xffff_ffff) return 'other'
  frame.id = id
  frame.extended = scan.digits > 4
  return id >= 0 && id <= (frame.extended ? 0x1fff_ffff : 0x7ff) ? undefined : 'bad'
}

/** `l` is a length in bytes, `L` a data length code. */
function readLength(scan: LineScanner, frame: CanFrame, column: 'l' | 'L'): LineKind | undefined {
  const number = scan.decimal(2)
  if (number < 0) return 'bad'
  frame.length = frame.fd ? (column === 'L' ? lengthOf(number) : number) : Math.min(number, 8)
  frame.dlc = frame.fd ? dlcOf(frame.length) : number
  return frame.length <= longestData && frame.dlc < 16 ? undefined : 'bad'
}

function readData(scan: LineScanner, frame: CanFrame): boolean {
  // The length may be missing, as in a trace of another tool: then there is a remote request or nothing.
  if (scan.takeWord('RTR')) frame.remote = true
  if (frame.remote) return true
  for (let index = 0; index < frame.length; index++) {
    scan.skipBlanks()
    const byte = scan.octet()
    if (byte < 0 || !scan.isAtWordEnd) return false
    frame.data[index] = byte
  }
  return true
}
