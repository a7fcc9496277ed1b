import { lengthOf } from '../dlc.js'
import { blankFrame } from '../blank-frame.js'
import type { CanFrame } from '../frame.js'
import type { LineKind, LineReader, Timing } from './line-reader.js'
import { LineScanner } from './line-scanner.js'

/** Stamps of four digits count milliseconds, and begin anew each minute (CANUSB manual, command `Zn`). */
const wrapMs = 60_000

/**
 * Reads what an adapter with slcan sends, each answer up to its carriage return (LAWICEL CANUSB manual 1.0; Linux,
 * drivers/net/can/slcan/slcan-core.c; for CAN FD the CANable 2.0 firmware and python-can, interfaces/slcan.py):
 *
 *     t1232AABB        identifier of 11 bits, length, data      T12345678…  29 bits
 *     r1232            remote request                           R12345678…
 *     d12392…  b123F…  CAN FD without and with a bit rate switch, its length a data length code    D…  B…
 *     t1232AABB0EB3    the adapter's stamp in milliseconds, where stamps are on
 *
 * Answers to commands, such as `z` or `V1013`, are no frames.
 */
export class SlcanReader implements LineReader {
  readonly #scan = new LineScanner()
  readonly bus = ''
  timing: Timing = 'none'
  #lastMs = 0
  #minutes = 0

  read(bytes: Uint8Array, start: number, end: number, frame: CanFrame): LineKind {
    const scan = this.#scan
    scan.begin(bytes, start, end)
    // An adapter refuses a command with a bell, which has no carriage return behind it.
    while (scan.take(0x07)) continue
    blankFrame(frame)
    if (!begin(frame, scan.peek)) return 'other'
    scan.at++
    return readIdentifier(scan, frame) && readBody(scan, frame) && this.#readStamp(frame) ? 'frame' : 'bad'
  }

  /** A stamp of eight digits counts microseconds (CANable 2.0). */
  #readStamp(frame: CanFrame): boolean {
    const scan = this.#scan
    this.timing = 'none'
    if (scan.isAtEnd) return true
    const stamp = scan.hex(8)
    if (!scan.isAtEnd) return false
    if (scan.digits === 4 && stamp < wrapMs) this.#setMinuteTime(frame, stamp)
    else if (scan.digits === 8) setMicroseconds(frame, stamp)
    else return false
    this.timing = 'relative'
    return true
  }

  #setMinuteTime(frame: CanFrame, stamp: number): void {
    if (stamp < this.#lastMs) this.#minutes++
    this.#lastMs = stamp
    frame.seconds = this.#minutes * 60 + Math.floor(stamp / 1000)
    frame.nanoseconds = (stamp % 1000) * 1e6
  }
}

function setMicroseconds(frame: CanFrame, stamp: number): void {
  frame.seconds = Math.floor(stamp / 1e6)
  frame.nanoseconds = (stamp % 1e6) * 1000
}

/** What the letter says; false where no frame begins with it. */
function begin(frame: CanFrame, letter: number): boolean {
  const lower = letter | 0x20
  frame.extended = letter !== lower
  frame.remote = lower === 0x72
  frame.bitRateSwitch = lower === 0x62
  frame.fd = frame.bitRateSwitch || lower === 0x64
  return frame.fd || frame.remote || lower === 0x74
}

function readIdentifier(scan: LineScanner, frame: CanFrame): boolean {
  const digits = frame.extended ? 8 : 3
  frame.id = scan.hex(digits)
  return scan.digits === digits && frame.id <= (frame.extended ? 0x1fff_ffff : 0x7ff)
}

function readBody(scan: LineScanner, frame: CanFrame): boolean {
  const dlc = scan.hex(1)
  if (dlc < 0) return false
  frame.dlc = dlc
  frame.length = frame.fd ? lengthOf(dlc) : Math.min(dlc, 8)
  if (frame.remote) return true
  for (let index = 0; index < frame.length; index++) {
    const byte = scan.octet()
    if (byte < 0) return false
    frame.data[index] = byte
  }
  return true
}
