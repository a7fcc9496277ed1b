import type { CanFrame } from './frame.js'

/** A classic data frame of no bytes; its time, and what `data` has beyond its length, stay. */
export function blankFrame(frame: CanFrame): void {
  frame.id = 0
  frame.extended = false
  frame.remote = false
  frame.error = false
  frame.fd = false
  frame.bitRateSwitch = false
  frame.errorState = false
  frame.sent = false
  frame.length = 0
  frame.dlc = 0
}

/** An error frame of a log that tells no more than that (Linux, include/uapi/linux/can/error.h: CAN_ERR_BUSERROR). */
export function busError(frame: CanFrame): void {
  frame.error = true
  frame.id = 0x80
  frame.length = 8
  frame.dlc = 8
  frame.data.fill(0, 0, 8)
}
