import type { ScanElement } from './scan-elements.js'
import { timeName } from './scan-elements.js'
import { numberReader, type ReadNumber } from './scan-format.js'

/** A channel in its place. */
export interface ScanChannel {
  readonly name: string
  readonly unit: string | undefined
  /** Bytes from the start of a scan. */
  readonly at: number
  /** Bytes from one value to the next. */
  readonly step: number
  readonly count: number
  /** A value in its unit. */
  readonly read: ReadNumber
}

/** How the bytes of one scan lie. */
export interface ScanLayout {
  readonly channels: readonly ScanChannel[]
  /** Where the time lies, in nanoseconds; undefined where there is none. */
  readonly timeAt: number | undefined
  readonly timeIsLittleEndian: boolean
  readonly size: number
}

/**
 * Each channel lies at a multiple of its own size, and scans at multiples of the largest (linux drivers/iio/industrialio-buffer.c,
 * iio_compute_scan_bytes). Takes the channels in the order of their indices.
 */
export function scanLayout(elements: readonly ScanElement[]): ScanLayout {
  let end = 0
  let largest = 1
  const placed = elements.map((element) => {
    const size = element.format.bytes * element.format.repeat
    const at = alignedTo(size, end)
    end = at + size
    largest = Math.max(largest, size)
    return { element, at }
  })
  const time = placed.find(({ element }) => element.name === timeName)
  return {
    channels: placed.filter((each) => each !== time).map(({ element, at }) => channelAt(element, at)),
    timeAt: time?.at,
    timeIsLittleEndian: time?.element.format.littleEndian ?? true,
    size: alignedTo(largest, end),
  }
}

function channelAt({ name, format, measure }: ScanElement, at: number): ScanChannel {
  const { unit, offset, scale, divisor } = measure
  const raw = numberReader(format)
  const read: ReadNumber = (view, from) => ((raw(view, from) + offset) * scale) / divisor
  return { name, unit, at, step: format.bytes, count: format.repeat, read }
}

function alignedTo(size: number, at: number): number {
  return Math.ceil(at / size) * size
}
