import { type CanFrame, emptyFrame } from '../../src/can/frame.js'

/** A frame from `ID#DATA` in hexadecimal, as can-utils write it: eight digits of an identifier are an extended one. */
export function frameOf(text: string, atMs = 0): CanFrame {
  const [id = '', data = ''] = text.split('#')
  const bytes = bytesOf(data)
  const frame = { ...emptyFrame(), id: parseInt(id, 16), extended: id.length > 3, length: bytes.length }
  frame.dlc = Math.min(bytes.length, 8)
  frame.data.set(bytes)
  frame.seconds = Math.floor(atMs / 1000)
  frame.nanoseconds = Math.round((atMs % 1000) * 1e6)
  return frame
}

/** `ID#DATA` of a frame. */
export function textOf({ id, extended, data, length }: CanFrame): string {
  const digits = id
    .toString(16)
    .toUpperCase()
    .padStart(extended ? 8 : 3, '0')
  return `${digits}#${hexOf(data.subarray(0, length))}`
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase()
}

/** Bytes from hexadecimal, with spaces anywhere. */
export function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
}
