import type { Clock } from '../../base/clock.js'
import type { CanFrame } from '../frame.js'
import type { IsoTpAddress, IsoTpEnd } from './address.js'
import { separationOf } from './flow-control.js'
import { frameType, IsoTpFrames } from './frames.js'
import { type IsoTpFault, IsoTpReceiver } from './receiver.js'
import { IsoTpSender } from './sender.js'

export interface IsoTpSettings {
  readonly address: IsoTpAddress
  readonly clock: Clock
  /** Sends a frame, which is lent until the promise settles. */
  readonly write: (frame: CanFrame) => Promise<void>
  readonly onMessage: (payload: Uint8Array) => void
  readonly onFault: (fault: IsoTpFault) => void
  /** Most bytes of a frame that is sent: 8, or more with CAN FD. */
  readonly frameBytes?: number
  /** Fills frames up to 8 bytes; undefined leaves them short. */
  readonly padding?: number | undefined
  /** Bytes that a message which comes may have. */
  readonly longest?: number
  readonly blockSize?: number
  readonly separationMs?: number
  readonly mostWaits?: number
  readonly flowControlMs?: number
  readonly nextFrameMs?: number
}

/** N_Bs and N_Cr (ISO 15765-2:2016, table 21). */
const timeoutMs = 1000

const defaults = {
  frameBytes: 8,
  padding: 0xcc,
  longest: 4095,
  blockSize: 0,
  separationMs: 0,
  mostWaits: 8,
  flowControlMs: timeoutMs,
  nextFrameMs: timeoutMs,
} as const

/** One conversation of ISO 15765-2, both ways at once: messages of any length over frames of a bus. */
export class IsoTpLink {
  readonly #from: IsoTpEnd
  readonly #receiver: IsoTpReceiver
  readonly #sender: IsoTpSender

  constructor(given: IsoTpSettings) {
    const settings = { ...defaults, ...given }
    const { address, write, onFault, frameBytes, padding } = settings
    const format = { end: address.transmit, frameBytes, padding }
    // Flow controls have a frame of their own: they may go while one of a message is still lent.
    const controls = new IsoTpFrames(format)
    this.#from = address.receive
    this.#sender = new IsoTpSender({ ...settings, frames: new IsoTpFrames(format) })
    this.#receiver = new IsoTpReceiver({
      ...settings,
      flow: (control) => void write(controls.flowControl(control)).catch(() => onFault('not_sent')),
    })
  }

  /** Takes a frame; false where it is none of this conversation. */
  take(frame: CanFrame): boolean {
    if (!isFrom(this.#from, frame)) return false
    const pdu = frame.data.subarray(this.#from.prefix === undefined ? 0 : 1, frame.length)
    if ((pdu[0] ?? 0) >> 4 === frameType.flowControl) this.#flow(pdu)
    else this.#receiver.take(pdu, frame.length)
    return true
  }

  /** Sends one message at a time; what it throws stands at `IsoTpSender`. */
  send(payload: Uint8Array): Promise<void> {
    return this.#sender.send(payload)
  }

  /** Gives up what is on its way, in both directions. */
  close(): void {
    this.#receiver.close()
    this.#sender.close()
  }

  #flow([first = 0, blockSize, separation]: Uint8Array): void {
    if (blockSize === undefined || separation === undefined) return
    this.#sender.take({ status: first & 15, blockSize, separationMs: separationOf(separation) })
  }
}

/** Whether a frame comes from this end. */
export function isFrom({ id, extended, prefix }: IsoTpEnd, frame: CanFrame): boolean {
  if (frame.id !== id || frame.extended !== extended || frame.remote || frame.error) return false
  return prefix === undefined || frame.data[0] === prefix
}
