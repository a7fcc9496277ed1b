import { AgentError } from '../../base/agent-error.js'
import type { Cancel, Clock } from '../../base/clock.js'
import type { CanFrame } from '../frame.js'
import { type FlowControl, flowStatus } from './flow-control.js'
import type { IsoTpFrames } from './frames.js'

export interface SenderSettings {
  readonly clock: Clock
  readonly frames: IsoTpFrames
  /** Sends a frame, which is lent until the promise settles. */
  readonly write: (frame: CanFrame) => Promise<void>
  /** N_Bs: longest until the receiver says how to go on. */
  readonly flowControlMs: number
  /** How often in a row the receiver may say that it needs longer (N_WFTmax). */
  readonly mostWaits: number
}

/** What a receiver may say that is no flow control: nothing in time, or this side was closed. */
type Silence = 'timeout' | 'closed'

/** The sending side of ISO 15765-2: a message in, frames out, as fast as the receiver lets them. */
export class IsoTpSender {
  readonly #settings: SenderSettings
  #isSending = false
  #isClosed = false
  #hear: ((heard: FlowControl | Silence) => void) | undefined

  constructor(settings: SenderSettings) {
    this.#settings = settings
  }

  /**
   * Resolves once the last frame was sent. Throws an AgentError: `CAN_ISOTP_BUSY` while another message is sent, `CAN_ISOTP_TIMEOUT`
   * where the receiver says nothing, `CAN_ISOTP_REFUSED` where it does not take the message, `CAN_CLOSED` once closed; what `write` throws.
   */
  async send(payload: Uint8Array): Promise<void> {
    if (this.#isClosed) throw closed()
    if (this.#isSending)
      throw new AgentError('CAN_ISOTP_BUSY', 'isotp: another message is being sent; wait for its end')
    const { frames, write } = this.#settings
    this.#isSending = true
    try {
      await (payload.length <= frames.mostSingle ? write(frames.single(payload)) : this.#sendParts(payload))
    } finally {
      this.#isSending = false
      this.#hear?.('closed')
    }
  }

  /** Takes a flow control of the receiver; one that nobody waits for is late, and means nothing. */
  take(control: FlowControl): void {
    this.#hear?.(control)
  }

  close(): void {
    this.#isClosed = true
    this.#hear?.('closed')
  }

  async #sendParts(payload: Uint8Array): Promise<void> {
    const { frames, write } = this.#settings
    // Listened for before the frame goes: a receiver may answer before `write` returns.
    let answer = this.#answer()
    await write(frames.first(payload))
    let at = frames.firstBytes(payload.length)
    let sequence = 1
    while (at < payload.length) {
      const { blockSize, separationMs } = await this.#clearToSend(answer)
      const block = blockSize === 0 ? Infinity : blockSize
      for (let sent = 1; sent <= block && at < payload.length; sent++, sequence++) {
        if (sent > 1 && separationMs > 0) await this.#settings.clock.sleep(separationMs)
        if (this.#isClosed) throw closed()
        const part = payload.subarray(at, at + frames.consecutiveBytes)
        at += part.length
        if (sent === block && at < payload.length) answer = this.#answer()
        await write(frames.consecutive(sequence, part))
      }
    }
  }

  /** The flow control that lets frames through, after as many that ask to wait as are borne. */
  async #clearToSend(answer: Promise<FlowControl | Silence>): Promise<FlowControl> {
    let heard = await answer
    for (let waits = 1; ; waits++) {
      if (heard === 'timeout') throw noFlowControl(this.#settings.flowControlMs)
      if (heard === 'closed') throw closed()
      if (heard.status === flowStatus.continue) return heard
      if (heard.status !== flowStatus.wait) throw refused(heard.status)
      if (waits > this.#settings.mostWaits) {
        throw new AgentError('CAN_ISOTP_REFUSED', `isotp: the receiver asked to wait ${waits} times in a row`)
      }
      heard = await this.#answer()
    }
  }

  #answer(): Promise<FlowControl | Silence> {
    return new Promise((resolve) => {
      const settle = (heard: FlowControl | Silence): void => {
        cancel()
        this.#hear = undefined
        resolve(heard)
      }
      const cancel: Cancel = this.#settings.clock.after(this.#settings.flowControlMs, () => settle('timeout'))
      this.#hear = settle
    })
  }
}

function closed(): AgentError {
  return new AgentError('CAN_CLOSED', 'isotp: closed before the message was sent')
}

function noFlowControl(milliseconds: number): AgentError {
  return new AgentError('CAN_ISOTP_TIMEOUT', `isotp: expected flow control within ${milliseconds} ms, got nothing`)
}

function refused(status: number): AgentError {
  const why = status === flowStatus.overflow ? 'it has no room for the message' : `a flow status of ${status}`
  return new AgentError('CAN_ISOTP_REFUSED', `isotp: the receiver does not take the message: ${why}`)
}
