import { type CanFrame, emptyFrame } from '../frame.js'

/** What can be wrong with a transfer of many frames; each is counted, and ends no more than that transfer. */
export type TransferFault =
  /** A frame of it never came. */
  | 'missing_frame'
  /** Nothing came of it for longer than its protocol allows. */
  | 'timeout'
  /** Sender or receiver broke it off. */
  | 'aborted'
  /** Its sender began another before this one was whole. */
  | 'superseded'
  /** More transfers at once than there is room for: the oldest goes. */
  | 'no_room'
  /** What begins it cannot be: sizes that contradict one another, too few bytes. */
  | 'malformed'
  /** A frame in the middle of a transfer whose beginning was not seen. */
  | 'unannounced'

export type OnTransferFault = (fault: TransferFault) => void

/**
 * Puts messages together that went over the bus in parts. The whole is a frame that no bus carries: its identifier is that of the
 * message, its `data` is longer than 64 bytes, its time that of the last part.
 */
export interface Reassembler {
  /**
   * The frame itself where it is no part of anything; undefined where it is a part, and the whole where it is the last. A whole is
   * lent until the next call.
   */
  take(frame: CanFrame): CanFrame | undefined
}

/** One message on its way. */
export interface Transfer {
  key: number
  /** What it will be: `length` is its size, `data` has as much room as any transfer of its table needs. */
  readonly whole: CanFrame
  /** Whether the part with this number has come, from 0. */
  readonly seen: Uint8Array
  /** Parts in all, and those that have come. */
  parts: number
  received: number
}

export function emptyTransfer(mostBytes: number, mostParts: number): Transfer {
  const whole = { ...emptyFrame(), data: new Uint8Array(mostBytes) }
  return { key: 0, whole, seen: new Uint8Array(mostParts), parts: 0, received: 0 }
}

/** Puts `length` bytes of a frame, from `from` on, where they belong in the whole; false where the frame is too short for that. */
export function placePart(transfer: Transfer, frame: CanFrame, from: number, at: number): boolean {
  const { whole } = transfer
  const length = Math.min(whole.length - at, frame.length - from)
  const needed = Math.min(whole.length - at, 8 - from)
  if (length < needed) return false
  for (let byte = 0; byte < length; byte++) whole.data[at + byte] = frame.data[from + byte] ?? 0
  return true
}

/** Marks a part as come; false where it had come before. */
export function markPart(transfer: Transfer, part: number): boolean {
  if (transfer.seen[part] === 1) return false
  transfer.seen[part] = 1
  transfer.received++
  return true
}

/** Takes time and direction of a frame for the whole. */
export function touch(transfer: Transfer, frame: CanFrame): void {
  const { whole } = transfer
  whole.seconds = frame.seconds
  whole.nanoseconds = frame.nanoseconds
  whole.sent = frame.sent
}

/** Milliseconds between two frames by their own times, so that a log is judged as the bus was. */
export function gapMs(earlier: CanFrame, later: CanFrame): number {
  return (later.seconds - earlier.seconds) * 1000 + (later.nanoseconds - earlier.nanoseconds) / 1e6
}
