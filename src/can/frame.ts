/** Bytes that a frame of CAN FD may have (ISO 11898-1:2015, 10.4.2); a classic one has 8 at most. */
export const longestData = 64

/**
 * One frame of a CAN bus. Readers fill the same object again and lend it: whoever keeps a frame copies it.
 */
export interface CanFrame {
  /** Identifier without flags: 11 bits, or 29 where `extended`. Of an error frame: the error class, bits 0 to 28. */
  id: number
  extended: boolean
  remote: boolean
  /** What the controller tells of the bus (Linux, include/uapi/linux/can/error.h), not what somebody sent. */
  error: boolean
  fd: boolean
  /** CAN FD: the data went at the higher bit rate. */
  bitRateSwitch: boolean
  /** CAN FD: the sender is error passive. */
  errorState: boolean
  /** This machine sent it. */
  sent: boolean
  /** Bytes of `data` that count; of a remote frame: how many are asked for. */
  length: number
  /** Room for 64 bytes. */
  readonly data: Uint8Array
  /** Data length code as it was on the wire, 9 to 15 of a classic frame with 8 bytes; else that of `length`. */
  dlc: number
  /** When it was received. */
  seconds: number
  nanoseconds: number
}

/** A frame to be filled. */
export function emptyFrame(): CanFrame {
  return {
    id: 0,
    extended: false,
    remote: false,
    error: false,
    fd: false,
    bitRateSwitch: false,
    errorState: false,
    sent: false,
    length: 0,
    data: new Uint8Array(longestData),
    dlc: 0,
    seconds: 0,
    nanoseconds: 0,
  }
}

/** Copies all of one frame to another. */
export function copyFrame(from: CanFrame, to: CanFrame): void {
  const { data, ...rest } = from
  Object.assign(to, rest)
  to.data.set(data)
}
