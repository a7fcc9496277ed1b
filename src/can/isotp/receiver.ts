import type { Cancel, Clock } from '../../base/clock.js'
import { type FlowControl, flowStatus } from './flow-control.js'
import { frameType } from './frames.js'

/** What can be wrong with a message that comes; each ends no more than that message. */
export type IsoTpFault =
  /** A frame that the protocol does not have, or that is cut. */
  | 'malformed'
  /** A consecutive frame that is not the next one. */
  | 'wrong_sequence'
  /** A consecutive frame of nothing. */
  | 'unexpected'
  /** Another message began before this one was whole. */
  | 'interrupted'
  /** The next frame did not come in time (N_Cr). */
  | 'timeout'
  /** A message that is longer than is taken; its sender is told so. */
  | 'too_long'
  /** A flow control that could not be sent. */
  | 'not_sent'

export interface ReceiverSettings {
  readonly clock: Clock
  /** A message, whose bytes are the receiver's to keep. */
  readonly onMessage: (payload: Uint8Array) => void
  readonly onFault: (fault: IsoTpFault) => void
  /** Sends a flow control; who only listens does nothing. */
  readonly flow: (control: FlowControl) => void
  /** Bytes that a message may have. */
  readonly longest: number
  /** Frames that are let through at once, 0 for all, and the least time between them. */
  readonly blockSize: number
  readonly separationMs: number
  /** N_Cr: longest until the next consecutive frame. */
  readonly nextFrameMs: number
}

/** The receiving side of ISO 15765-2: frames in, messages out. It sets a timer only while a message is on its way. */
export class IsoTpReceiver {
  readonly #settings: ReceiverSettings
  #message: Uint8Array | undefined
  #at = 0
  #sequence = 0
  /** Bytes of the first frame, which all but the last have too (9.6.4.1). */
  #pduBytes = 0
  /** Frames of this block that are still to come; 0 where there are no blocks. */
  #inBlock = 0
  #cancel: Cancel = () => undefined

  constructor(settings: ReceiverSettings) {
    this.#settings = settings
  }

  /** A message is on its way. */
  get isReceiving(): boolean {
    return this.#message !== undefined
  }

  /** Takes a frame without its prefix; one of flow control is not for this side. `frameBytes` is its length with the prefix. */
  take(pdu: Uint8Array, frameBytes: number): void {
    const type = (pdu[0] ?? 0xff) >> 4
    if (type === frameType.single) this.#single(pdu, frameBytes)
    else if (type === frameType.first) this.#first(pdu, frameBytes)
    else if (type === frameType.consecutive) this.#consecutive(pdu)
    else if (type !== frameType.flowControl) this.#settings.onFault('malformed')
  }

  /** Gives up what is on its way. */
  close(): void {
    this.#cancel()
    this.#message = undefined
  }

  #single(pdu: Uint8Array, frameBytes: number): void {
    const isEscaped = frameBytes > 8
    const length = isEscaped ? (pdu[1] ?? 0) : (pdu[0] ?? 0) & 15
    const start = isEscaped ? 2 : 1
    const isWrong = length === 0 || start + length > pdu.length || (isEscaped && pdu[0] !== 0)
    if (isWrong) return this.#settings.onFault('malformed')
    this.#interrupt()
    this.#settings.onMessage(pdu.slice(start, start + length))
  }

  #first(pdu: Uint8Array, frameBytes: number): void {
    const short = (((pdu[0] ?? 0) & 15) << 8) | (pdu[1] ?? 0)
    const start = short === 0 ? 6 : 2
    const length = short === 0 ? longLength(pdu) : short
    // What fits a single frame, or is no more than this frame has, needs no first one (9.6.3.2).
    if (frameBytes < 8 || length <= pdu.length - start) return this.#settings.onFault('malformed')
    this.#interrupt()
    if (length > this.#settings.longest) return this.#refuse()
    this.#message = new Uint8Array(length)
    this.#message.set(pdu.subarray(start))
    this.#at = pdu.length - start
    this.#sequence = 1
    this.#pduBytes = pdu.length
    this.#letThrough()
    this.#watch()
  }

  #consecutive(pdu: Uint8Array): void {
    const message = this.#message
    if (!message) return this.#settings.onFault('unexpected')
    if (((pdu[0] ?? 0) & 15) !== this.#sequence) return this.#giveUp('wrong_sequence')
    const part = pdu.subarray(1, 1 + message.length - this.#at)
    const isLast = this.#at + part.length === message.length
    if (!isLast && pdu.length !== this.#pduBytes) return this.#giveUp('malformed')
    message.set(part, this.#at)
    this.#at += part.length
    this.#sequence = (this.#sequence + 1) & 15
    if (isLast) return this.#finish(message)
    if (--this.#inBlock === 0) this.#letThrough()
    this.#watch()
  }

  #finish(message: Uint8Array): void {
    this.close()
    this.#settings.onMessage(message)
  }

  /** Says that frames may come: all that are left, or a block of them. */
  #letThrough(): void {
    const { blockSize, separationMs, flow } = this.#settings
    this.#inBlock = blockSize
    flow({ status: flowStatus.continue, blockSize, separationMs })
  }

  #refuse(): void {
    this.#settings.onFault('too_long')
    this.#settings.flow({ status: flowStatus.overflow, blockSize: 0, separationMs: 0 })
  }

  #interrupt(): void {
    if (this.#message) this.#giveUp('interrupted')
  }

  #watch(): void {
    this.#cancel()
    this.#cancel = this.#settings.clock.after(this.#settings.nextFrameMs, () => this.#giveUp('timeout'))
  }

  #giveUp(fault: IsoTpFault): void {
    this.close()
    this.#settings.onFault(fault)
  }
}

/** A length of 32 bits stands behind a short one of zero (9.6.3.1). */
function longLength(pdu: Uint8Array): number {
  return pdu.length < 6 ? 0 : new DataView(pdu.buffer, pdu.byteOffset + 2, 4).getUint32(0)
}
