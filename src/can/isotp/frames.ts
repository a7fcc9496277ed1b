import { type CanFrame, emptyFrame } from '../frame.js'
import type { IsoTpEnd } from './address.js'
import { type FlowControl, separationByte } from './flow-control.js'

/** Upper half of the first byte of the protocol (ISO 15765-2:2016, table 9). */
export const frameType = { single: 0, first: 1, consecutive: 2, flowControl: 3 } as const

/** Lengths of more than 12 bits take an escape. */
const mostShortLength = 4095

export interface IsoTpFormat {
  readonly end: IsoTpEnd
  /** Most bytes of a frame: 8, or 12, 16, 20, 24, 32, 48 or 64 with CAN FD. */
  readonly frameBytes: number
  /** Fills frames up to 8 bytes; undefined leaves them short. Those of CAN FD that need it are filled with it, or 0xCC. */
  readonly padding: number | undefined
}

/** The padding that stuffs the fewest bits (ISO 15765-2:2016, 10.4.2.1). */
const usualPadding = 0xcc

/** Lengths that a frame of CAN FD can have beyond 8 bytes (ISO 11898-1:2015, table 5). */
const fdLengths = [12, 16, 20, 24, 32, 48, 64] as const

/** Makes the frames of one direction, always in the same frame: it is lent until the next is made. */
export class IsoTpFrames {
  readonly #format: IsoTpFormat
  readonly #frame: CanFrame
  readonly #start: number

  constructor(format: IsoTpFormat) {
    const { end, frameBytes } = format
    this.#format = format
    this.#start = end.prefix === undefined ? 0 : 1
    this.#frame = {
      ...emptyFrame(),
      id: end.id,
      extended: end.extended,
      fd: frameBytes > 8,
      bitRateSwitch: frameBytes > 8,
    }
    if (end.prefix !== undefined) this.#frame.data[0] = end.prefix
  }

  /** Most bytes of a message that fits one frame. */
  get mostSingle(): number {
    const { frameBytes } = this.#format
    return frameBytes - this.#start - (frameBytes > 8 ? 2 : 1)
  }

  /** The whole message in one frame. Beyond 8 bytes an escape of a zero goes before the length (9.6.2.1). */
  single(payload: Uint8Array): CanFrame {
    if (payload.length <= 7 - this.#start) return this.#make([payload.length], payload)
    return this.#make([0, payload.length], payload)
  }

  /** The first of many, with as much of the message as there is room for. */
  first(payload: Uint8Array): CanFrame {
    const { length } = payload
    const isShort = length <= mostShortLength
    const head = isShort
      ? [(frameType.first << 4) | (length >> 8), length & 0xff]
      : [frameType.first << 4, 0, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff]
    return this.#make(head, payload.subarray(0, this.firstBytes(length)))
  }

  /** Bytes of a message of this length that its first frame has. */
  firstBytes(length: number): number {
    return this.#format.frameBytes - this.#start - (length <= mostShortLength ? 2 : 6)
  }

  get consecutiveBytes(): number {
    return this.#format.frameBytes - this.#start - 1
  }

  consecutive(sequence: number, part: Uint8Array): CanFrame {
    return this.#make([(frameType.consecutive << 4) | (sequence & 15)], part)
  }

  flowControl({ status, blockSize, separationMs }: FlowControl): CanFrame {
    return this.#make([(frameType.flowControl << 4) | status, blockSize, separationByte(separationMs)], nothing)
  }

  #make(head: readonly number[], part: Uint8Array): CanFrame {
    const frame = this.#frame
    frame.data.set(head, this.#start)
    frame.data.set(part, this.#start + head.length)
    const end = this.#start + head.length + part.length
    frame.length = this.#lengthFor(end)
    frame.data.fill(this.#format.padding ?? usualPadding, end, frame.length)
    frame.dlc = frame.length <= 8 ? frame.length : 9 + fdLengths.findIndex((length) => length === frame.length)
    return frame
  }

  #lengthFor(end: number): number {
    if (end <= 8) return this.#format.padding === undefined ? end : 8
    return fdLengths.find((length) => length >= end) ?? 64
  }
}

const nothing = new Uint8Array()
