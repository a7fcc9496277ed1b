import { type Libc, littleEndian } from 'sluice/libc'

/* The second version of the kernel's interface to lines (linux/gpio.h; Documentation/userspace-api/gpio/chardev.rst), of Linux 5.11. */

const GPIO_GET_CHIPINFO = 0x8044_b401
const GPIO_V2_GET_LINEINFO = 0xc100_b405
const GPIO_V2_GET_LINE = 0xc250_b407
const GPIO_V2_LINE_GET_VALUES = 0xc010_b40e

/** `enum gpio_v2_line_flag`: bits, to be added. */
export const lineFlags = {
  activeLow: 1 << 1,
  input: 1 << 2,
  rising: 1 << 4,
  falling: 1 << 5,
  pullUp: 1 << 8,
  pullDown: 1 << 9,
  disabled: 1 << 10,
  realTime: 1 << 11,
} as const

/** `GPIO_MAX_NAME_SIZE`. */
const nameSize = 32

/** `struct gpio_v2_line_request`: where its fields are. What is not named stays 0. */
const request = { size: 592, consumer: 256, flags: 288, attributes: 296, first: 320, lines: 560, events: 564, fd: 588 }
const attributeDebounce = 3

/** The most that the kernel keeps for a line: 16 for each that a request may have. */
const eventsKept = 1024

export interface ChipInfo {
  /** Such as `gpiochip0`: a number, which may change from boot to boot. */
  readonly name: string
  /** What its driver calls it. */
  readonly label: string
  readonly lines: number
}

export interface LineInfo {
  readonly name: string
  /** Who has it; the empty text where nobody does, or does not say. */
  readonly consumer: string
}

export interface LineRequest {
  readonly offset: number
  /** Some of `lineFlags`. */
  readonly flags: number
  /** Microseconds; 0 for none. */
  readonly debounceUs: number
  readonly consumer: string
}

/** `struct gpiochip_info`: two names and the number of lines. */
export function chipInfo(libc: Libc, chip: number): ChipInfo {
  const bytes = new Uint8Array(2 * nameSize + 4)
  libc.ioctl(chip, GPIO_GET_CHIPINFO, bytes)
  const lines = new DataView(bytes.buffer).getUint32(2 * nameSize, littleEndian)
  return { name: nameAt(bytes, 0), label: nameAt(bytes, nameSize), lines }
}

/** `struct gpio_v2_line_info`: two names, the offset, and what is not asked for here. */
export function lineInfo(libc: Libc, chip: number, offset: number): LineInfo {
  const bytes = new Uint8Array(256)
  new DataView(bytes.buffer).setUint32(2 * nameSize, offset, littleEndian)
  libc.ioctl(chip, GPIO_V2_GET_LINEINFO, bytes)
  return { name: nameAt(bytes, 0), consumer: nameAt(bytes, nameSize) }
}

/** Takes one line: a descriptor that gives its events, and is closed to give it back. Throws a LibcError. */
export function requestLine(libc: Libc, chip: number, { offset, flags, debounceUs, consumer }: LineRequest): number {
  const bytes = new Uint8Array(request.size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, offset, littleEndian)
  bytes.set(new TextEncoder().encode(consumer).subarray(0, nameSize - 1), request.consumer)
  view.setBigUint64(request.flags, BigInt(flags), littleEndian)
  if (debounceUs > 0) {
    view.setUint32(request.attributes, 1, littleEndian)
    view.setUint32(request.first, attributeDebounce, littleEndian)
    view.setUint32(request.first + 8, debounceUs, littleEndian)
    view.setBigUint64(request.first + 16, 1n, littleEndian)
  }
  view.setUint32(request.lines, 1, littleEndian)
  view.setUint32(request.events, eventsKept, littleEndian)
  libc.ioctl(chip, GPIO_V2_GET_LINE, bytes)
  return view.getInt32(request.fd, littleEndian)
}

/** The level of a line that was taken: 1 is active (`struct gpio_v2_line_values`: bits, and which of them are asked for). */
export function levelOf(libc: Libc, line: number): number {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(8, 1n, littleEndian)
  libc.ioctl(line, GPIO_V2_LINE_GET_VALUES, bytes)
  return Number(view.getBigUint64(0, littleEndian) & 1n)
}

function nameAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at)
  return Buffer.from(bytes.subarray(at, Math.min(end < 0 ? bytes.length : end, at + nameSize))).toString()
}
