import { dlcOf } from '../dlc.js'
import { type CanFrame, longestData } from '../frame.js'
import { blankFrame } from '../blank-frame.js'
import { identify } from './compact-frame.js'
import type { LineScanner } from './line-scanner.js'

/** What stands between bytes in reverse order (can-utils, lib.h: SWAP_DELIMITER). */
const swapDelimiter = 0x60

/**
 * Reads a frame as `candump` shows it to people (can-utils, lib.c, snprintf_long_canframe); false where it is none:
 *
 *     123   [3]  11 22 33            two digits of length, as in [08], are CAN FD
 *     123   {E}  11 22 33 44 55 66 77 88     the data length code was 14
 *     123   [3]  33`22`11            bytes in reverse order (-S)
 *     123   [1]  00010001            bits (-i)
 *     12345678   [8]  remote request
 *     20000004   [8]  00 04 00 00 00 00 00 00   ERRORFRAME
 *     TX B E  123  [08]  …           direction, bit rate switch, error passive sender (-x)
 *
 * What stands behind the data, such as the same in ASCII (-a), says nothing more.
 */
export function readConsoleFrame(scan: LineScanner, frame: CanFrame): boolean {
  blankFrame(frame)
  scan.skipBlanks()
  readExtra(scan, frame)
  const id = scan.hex(8)
  if (id < 0 || !scan.isAtWordEnd || !identify(frame, id, scan.digits > 3)) return false
  scan.skipBlanks()
  if (!readLength(scan, frame)) return false
  if (scan.takeWord('remote')) return (frame.remote = !frame.fd && !frame.error)
  return readData(scan, frame)
}

/** `RX`, `TX` are no identifiers, since R, T and X are no hexadecimal digits. */
function readExtra(scan: LineScanner, frame: CanFrame): void {
  if (scan.takeWord('TX')) frame.sent = true
  else if (!scan.takeWord('RX')) return
  scan.skipBlanks()
  frame.bitRateSwitch = scan.take(0x42) || !scan.take(0x2d)
  scan.skipBlanks()
  frame.errorState = scan.take(0x45) || !scan.take(0x2d)
  scan.skipBlanks()
}

function readLength(scan: LineScanner, frame: CanFrame): boolean {
  if (scan.take(0x7b)) return readRawDlc(scan, frame)
  if (!scan.take(0x5b)) return false
  const length = scan.decimal(3)
  frame.fd = scan.digits === 2
  frame.length = length
  frame.dlc = dlcOf(length)
  return length >= 0 && length <= (frame.fd ? longestData : 8) && scan.take(0x5d)
}

function readRawDlc(scan: LineScanner, frame: CanFrame): boolean {
  const dlc = scan.hex(1)
  frame.dlc = dlc
  frame.length = Math.min(dlc, 8)
  return dlc >= 0 && scan.take(0x7d)
}

function readData(scan: LineScanner, frame: CanFrame): boolean {
  const { data, length } = frame
  let isSwapped = false
  for (let index = 0; index < length; index++) {
    scan.skipBlanks()
    if (index > 0 && scan.take(swapDelimiter)) isSwapped = true
    const byte = readByte(scan)
    if (byte < 0) return false
    data[index] = byte
  }
  if (isSwapped) data.subarray(0, length).reverse()
  return true
}

/** Two hexadecimal digits, or eight bits. */
function readByte(scan: LineScanner): number {
  const byte = scan.octet()
  const next = scan.peek
  if (byte < 0 || (next !== 0x30 && next !== 0x31)) return byte
  scan.at -= 2
  let bits = 0
  for (let count = 0; count < 8; count++) {
    if (scan.take(0x31)) bits = (bits << 1) | 1
    else if (scan.take(0x30)) bits <<= 1
    else return -1
  }
  return bits
}
