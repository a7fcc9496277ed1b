import { decodeCobs } from './cobs.js'
import { type Stuffing, unstuff } from './unstuff.js'

/** Undoes what the framing did to the bytes of a frame; undefined where that makes no sense, and a frame without bytes is none. */
export type Undo = (frame: Buffer) => Uint8Array | undefined

export const skipEmpty: Undo = (frame) => frame

export const unstuffing =
  (escape: number, stuffing: Stuffing): Undo =>
  (frame) =>
    unstuff(frame, escape, stuffing)

/** One after the other. */
export const both =
  (first: Undo, second: Undo): Undo =>
  (frame) => {
    const bytes = first(frame)
    return bytes && second(bufferOf(bytes))
  }

export const cobs =
  (reduced: boolean): Undo =>
  (frame) =>
    decodeCobs(frame, reduced)

/** Digits in either case, two a byte. */
export const decodeHex: Undo = (frame) => {
  const bytes = Buffer.from(frame.toString('latin1'), 'hex')
  return bytes.length * 2 === frame.length ? bytes : undefined
}

export function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}
