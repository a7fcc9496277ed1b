import type { EventRecord, Value } from '../event/event.js'
import { blankFrame } from './blank-frame.js'
import { dlcOf } from './dlc.js'
import { type CanFrame, longestData } from './frame.js'

/**
 * Fills a frame from a record of `frameRecord`, or one of a like kind that came another way: `id` may be a text of hexadecimal
 * digits, `extended` may be missing, `data` may be bytes, a list of numbers, or have blanks between bytes. Answers why it cannot,
 * undefined where it could. The time and the bus are not the frame's: they are left to the caller.
 */
export function readFrameRecord(record: EventRecord, frame: CanFrame): string | undefined {
  blankFrame(frame)
  const id = numberOf(record['id'], 16)
  if (id === undefined || id < 0 || id > 0x1fff_ffff) return 'no identifier of 29 bits'
  frame.id = id
  frame.error = record['error'] === true
  frame.extended = !frame.error && (typeof record['extended'] === 'boolean' ? record['extended'] : id > 0x7ff)
  if (!frame.extended && !frame.error && id > 0x7ff) return 'an identifier of more than 11 bits that is not extended'
  frame.sent = record['direction'] === 'tx'
  frame.bitRateSwitch = record['brs'] === true
  frame.errorState = record['esi'] === true
  return record['remote'] === true ? readRemote(record, frame) : readData(record, frame)
}

function readRemote(record: EventRecord, frame: CanFrame): string | undefined {
  const length = numberOf(record['length'], 10) ?? 0
  if (length < 0 || length > 8) return 'a remote request of more than 8 bytes'
  frame.remote = true
  frame.length = length
  setDlc(record, frame)
  return undefined
}

function readData(record: EventRecord, frame: CanFrame): string | undefined {
  const bytes = bytesOf(record['data'] ?? '')
  if (!bytes) return 'data that is not hexadecimal'
  if (bytes.length > longestData) return `more than ${longestData} bytes of data`
  frame.data.set(bytes)
  frame.length = bytes.length
  frame.fd = typeof record['fd'] === 'boolean' ? record['fd'] : bytes.length > 8
  if (!frame.fd && bytes.length > 8) return 'a classic frame with more than 8 bytes of data'
  setDlc(record, frame)
  return undefined
}

function setDlc(record: EventRecord, frame: CanFrame): void {
  const raw = numberOf(record['dlc'], 10) ?? 0
  frame.dlc = !frame.fd && frame.length === 8 && raw > 8 && raw < 16 ? raw : dlcOf(frame.length)
}

function numberOf(value: Value | undefined, radix: 10 | 16): number | undefined {
  const number = typeof value === 'string' ? textNumber(value, radix) : Number(value ?? Number.NaN)
  return Number.isInteger(number) ? number : undefined
}

function textNumber(text: string, radix: 10 | 16): number {
  return radix === 16
    ? Number(/^(0x)?[\da-f]+$/i.test(text) ? `0x${text.replace(/^0x/i, '')}` : Number.NaN)
    : Number(text)
}

function bytesOf(value: Value): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.every(isByte) ? Uint8Array.from(value) : undefined
  if (typeof value !== 'string') return undefined
  const digits = value.replaceAll(/[\s.:-]/g, '')
  return digits.length % 2 === 0 && /^[\da-f]*$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined
}

function isByte(value: Value): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 256
}
