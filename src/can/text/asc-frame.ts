import { dlcOf } from '../dlc.js'
import { type CanFrame, longestData } from '../frame.js'
import type { LineKind } from './line-reader.js'
import type { LineScanner } from './line-scanner.js'

/** Flags of a line with CANFD (Vector, CAN Log and Trigger ASC format; can-utils, asc2log.c). */
const remoteFlag = 0x10
const fdFlag = 0x1000

/**
 * Reads what stands behind the channel of a classic frame; data are in the base of the file, the data length code is hexadecimal:
 *
 *     18EBFF00x       Rx   d 8 01 A0 0F A6 60 3B D1 40  Length = 273910 BitCount = 141 ID = 418119424x
 *     200             Tx   r 8
 */
export function readAscClassic(scan: LineScanner, frame: CanFrame, base: 10 | 16): LineKind {
  if (!readIdentifier(scan, frame, base) || !readDirection(scan, frame)) return 'other'
  scan.skipBlanks()
  if (scan.take(0x72)) return readRemote(scan, frame)
  return scan.take(0x64) && readDlc(scan, frame) && readData(scan, frame, base) ? 'frame' : 'bad'
}

/**
 * Reads what stands behind the direction of a line with CANFD, which is hexadecimal but for the length; frames may have a name:
 *
 *     4EE  Name  1 0 f 64 A1 02 …  duration  bits  flags  crc  and more
 *
 * A classic frame can have this form too: then its flags lack 0x1000.
 */
export function readAscFd(scan: LineScanner, frame: CanFrame): LineKind {
  if (!readIdentifier(scan, frame, 16)) return 'bad'
  skipName(scan)
  frame.bitRateSwitch = readBit(scan)
  frame.errorState = readBit(scan)
  if (!readDlc(scan, frame)) return 'bad'
  scan.skipBlanks()
  frame.length = scan.decimal(2)
  if (frame.length < 0 || frame.length > longestData || !readData(scan, frame, 16)) return 'bad'
  return readFlags(scan, frame) ? 'frame' : 'bad'
}

/** `Rx` or `Tx`; a request to send, `TxRq`, is no frame. */
export function readDirection(scan: LineScanner, frame: CanFrame): boolean {
  frame.sent = scan.takeWord('Tx')
  return frame.sent || scan.takeWord('Rx')
}

function readIdentifier(scan: LineScanner, frame: CanFrame, base: 10 | 16): boolean {
  scan.skipBlanks()
  frame.id = base === 16 ? scan.hex(8) : scan.decimal(10)
  if (frame.id < 0 || frame.id > 0x1fff_ffff) return false
  frame.extended = scan.take(0x78) || scan.take(0x58)
  return scan.isAtWordEnd && (frame.extended || frame.id <= 0x7ff)
}

function skipName(scan: LineScanner): void {
  const start = scan.word()
  if (scan.at - start === 1) scan.at = start
}

function readBit(scan: LineScanner): boolean {
  scan.skipBlanks()
  const isSet = scan.take(0x31)
  if (!isSet) scan.take(0x30)
  return isSet
}

function readRemote(scan: LineScanner, frame: CanFrame): LineKind {
  frame.remote = true
  return readDlc(scan, frame) || scan.digits === 0 ? 'frame' : 'bad'
}

function readDlc(scan: LineScanner, frame: CanFrame): boolean {
  scan.skipBlanks()
  const dlc = scan.hex(1)
  frame.dlc = Math.max(0, dlc)
  frame.length = Math.min(frame.dlc, 8)
  return dlc >= 0 && scan.isAtWordEnd
}

function readData(scan: LineScanner, frame: CanFrame, base: 10 | 16): boolean {
  for (let index = 0; index < frame.length; index++) {
    scan.skipBlanks()
    const byte = base === 16 ? scan.octet() : scan.decimal(3)
    if (byte < 0 || byte > 255 || !scan.isAtWordEnd) return false
    frame.data[index] = byte
  }
  return true
}

/** Behind the duration and the count of bits; older files have none. */
function readFlags(scan: LineScanner, frame: CanFrame): boolean {
  scan.word()
  scan.word()
  scan.skipBlanks()
  const flags = scan.isAtEnd ? fdFlag : scan.hex(8)
  if (flags < 0) return false
  frame.fd = (flags & fdFlag) !== 0 || frame.length > 8 || frame.bitRateSwitch || frame.errorState
  frame.remote = !frame.fd && (flags & remoteFlag) !== 0
  if (frame.remote) frame.length = Math.min(frame.dlc, 8)
  if (frame.fd || frame.length < 8) frame.dlc = dlcOf(frame.length)
  return true
}
