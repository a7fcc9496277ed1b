import { dlcOf } from '../dlc.js'
import { type CanFrame, longestData } from '../frame.js'
import { blankFrame } from '../blank-frame.js'
import type { LineScanner } from './line-scanner.js'

/** Flags of 32-bit identifiers (Linux, include/uapi/linux/can.h). */
const remoteFlag = 0x4000_0000
const errorFlag = 0x2000_0000
const identifierMask = 0x1fff_ffff

/**
 * Reads a frame as `cansend` takes it and logs have it (can-utils, lib.h, parse_canframe); false where it is none:
 *
 *     123#DEADBEEF          identifier of 11 bits; data may have dots between bytes
 *     12345678#R5           identifier of 29 bits, remote request of 5 bytes
 *     20000004#0004…        error frame: bit 29 of eight digits is set
 *     123#1122334455667788_E  the data length code was 14
 *     123##1DEADBEEF        CAN FD; the digit is 1 for a bit rate switch, 2 for an error passive sender
 */
export function readCompactFrame(scan: LineScanner, frame: CanFrame): boolean {
  blankFrame(frame)
  const id = scan.hex(8)
  if (id < 0 || !scan.take(0x23)) return false
  return identify(frame, id, scan.digits > 3) && readBody(scan, frame) && scan.isAtWordEnd
}

/** What the digits before the data say, the kernel's 32 bits where there are more than three; false for 12 bits in three. */
export function identify(frame: CanFrame, id: number, isLong: boolean): boolean {
  frame.error = isLong && (id & errorFlag) !== 0
  frame.extended = isLong && !frame.error
  frame.remote = isLong && !frame.error && (id & remoteFlag) !== 0
  frame.id = id & identifierMask
  return isLong || id <= 0x7ff
}

/** The digits before the data, as a number; three digits where it is below 0x800 and the frame not extended, else eight. */
export function identifierBits(frame: CanFrame): number {
  return frame.error ? (frame.id | errorFlag) >>> 0 : frame.id
}

function readBody(scan: LineScanner, frame: CanFrame): boolean {
  if (scan.take(0x23)) return readFd(scan, frame)
  if (scan.take(0x52) || scan.take(0x72)) return readRemote(scan, frame)
  readData(scan, frame, 8)
  frame.dlc = frame.length
  return readRawDlc(scan, frame)
}

function readFd(scan: LineScanner, frame: CanFrame): boolean {
  const flags = scan.hex(1)
  if (flags < 0 || frame.error || frame.remote) return false
  frame.fd = true
  frame.bitRateSwitch = (flags & 1) !== 0
  frame.errorState = (flags & 2) !== 0
  readData(scan, frame, longestData)
  frame.dlc = dlcOf(frame.length)
  return true
}

function readRemote(scan: LineScanner, frame: CanFrame): boolean {
  const length = scan.hex(1)
  if (frame.error || length > 8) return false
  frame.remote = true
  frame.length = Math.max(0, length)
  frame.dlc = frame.length
  return readRawDlc(scan, frame)
}

/** What is no pair of digits ends the data; whoever called sees whether the word ends there too. */
function readData(scan: LineScanner, frame: CanFrame, most: number): void {
  const { data } = frame
  let length = 0
  while (length < most) {
    scan.take(0x2e)
    const byte = scan.octet()
    if (byte < 0) break
    data[length++] = byte
  }
  frame.length = length
}

/** `_9` to `_F`: the data length code of a classic frame that means 8 bytes. */
function readRawDlc(scan: LineScanner, frame: CanFrame): boolean {
  if (!scan.take(0x5f)) return true
  const dlc = scan.hex(1)
  if (dlc < 9 || frame.length !== 8) return false
  frame.dlc = dlc
  return true
}
