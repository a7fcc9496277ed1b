import { dlcOf } from '../../can/dlc.js'
import type { CanFrame } from '../../can/frame.js'
import { littleEndian } from '../../libc/index.js'

/** Sizes of `struct can_frame` and `struct canfd_frame`, by which the kernel tells them apart (linux/can.h: CAN_MTU, CANFD_MTU). */
export const classicSize = 16
export const fdSize = 72

const extendedFlag = 0x8000_0000
const remoteFlag = 0x4000_0000
const errorFlag = 0x2000_0000
const idMask = 0x1fff_ffff

const bitRateSwitchFlag = 0x01
const errorStateFlag = 0x02
const fdFlag = 0x04

/** Where the fields of both are: identifier and flags, length, flags of FD, raw data length code of classic CAN, data. */
const lengthAt = 4
const flagsAt = 5
const rawDlcAt = 7
const dataAt = 8

/** Fills all of a frame but its time from what the kernel gave, `size` bytes; false where that is no frame. */
export function readRawFrame(view: DataView, at: number, size: number, frame: CanFrame): boolean {
  if (size !== classicSize && size !== fdSize) return false
  const word = view.getUint32(at, littleEndian)
  frame.fd = size === fdSize
  frame.extended = (word & extendedFlag) !== 0
  frame.remote = !frame.fd && (word & remoteFlag) !== 0
  frame.error = (word & errorFlag) !== 0
  frame.id = word & idMask
  frame.length = Math.min(view.getUint8(at + lengthAt), size - dataAt)
  const flags = frame.fd ? view.getUint8(at + flagsAt) : 0
  frame.bitRateSwitch = (flags & bitRateSwitchFlag) !== 0
  frame.errorState = (flags & errorStateFlag) !== 0
  const rawDlc = frame.fd || frame.length < 8 ? 0 : view.getUint8(at + rawDlcAt)
  frame.dlc = rawDlc > 8 && rawDlc < 16 ? rawDlc : dlcOf(frame.length)
  for (let index = 0; index < frame.length; index++) frame.data[index] = view.getUint8(at + dataAt + index)
  return true
}

/** The bytes that the kernel takes for a frame. */
export function rawFrame(frame: CanFrame): Uint8Array {
  const bytes = new Uint8Array(frame.fd ? fdSize : classicSize)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, wordOf(frame), littleEndian)
  view.setUint8(lengthAt, frame.length)
  if (frame.fd) view.setUint8(flagsAt, fdFlagsOf(frame))
  else if (frame.dlc > 8) view.setUint8(rawDlcAt, frame.dlc)
  if (!frame.remote) bytes.set(frame.data.subarray(0, frame.length), dataAt)
  return bytes
}

function wordOf({ id, extended, remote, error }: CanFrame): number {
  return (id | (extended ? extendedFlag : 0) | (remote ? remoteFlag : 0) | (error ? errorFlag : 0)) >>> 0
}

function fdFlagsOf({ bitRateSwitch, errorState }: CanFrame): number {
  return fdFlag | (bitRateSwitch ? bitRateSwitchFlag : 0) | (errorState ? errorStateFlag : 0)
}
