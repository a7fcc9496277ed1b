import { AgentError } from '../../base/agent-error.js'
import type { Cancel, Clock } from '../../base/clock.js'
import { refusalText, responsePending } from './refusals.js'

export interface UdsSettings {
  readonly clock: Clock
  /** Sends a message, such as `IsoTpLink.send`. */
  readonly send: (payload: Uint8Array) => Promise<void>
  /** P2: how long the ECU has to answer; P2*: how long where it said that it needs longer (ISO 14229-2, table 4). */
  readonly answerMs?: number
  readonly pendingMs?: number
  /** How often in a row it may say so. */
  readonly mostPending?: number
}

/** Both are those of the standard with the way of the network, which is as long again. */
const defaults = { answerMs: 150, pendingMs: 5100, mostPending: 100 } as const

const positive = 0x40
const negative = 0x7f

interface Asked {
  readonly service: number
  pendings: number
  cancel: Cancel
  readonly resolve: (payload: Uint8Array) => void
  readonly reject: (error: Error) => void
}

/** Asks one ECU with the services of ISO 14229-1, one request at a time. */
export class UdsClient {
  readonly #settings: Required<UdsSettings>
  #asked: Asked | undefined

  constructor(settings: UdsSettings) {
    this.#settings = { ...defaults, ...settings }
  }

  /**
   * The positive answer to a request, from its service on. Throws an AgentError: `CAN_UDS_REFUSED` with the reason of a negative one,
   * `CAN_UDS_TIMEOUT` where none came, `CAN_UDS_BUSY` while another request waits; what `send` throws.
   */
  async request(request: Uint8Array): Promise<Uint8Array> {
    if (this.#asked) throw new AgentError('CAN_UDS_BUSY', 'uds: another request waits for its answer; wait for its end')
    const answer = this.#ask(request[0] ?? 0)
    try {
      await this.#settings.send(request)
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
    return answer
  }

  /** Takes a message of the ECU; one that answers nothing is late, and means nothing. */
  take(payload: Uint8Array): void {
    const asked = this.#asked
    if (!asked) return
    if (payload[0] === asked.service + positive) this.#end(asked).resolve(payload)
    else if (payload[0] === negative && payload[1] === asked.service) this.#refused(asked, payload[2] ?? 0)
  }

  close(): void {
    this.#fail(new AgentError('CAN_CLOSED', 'uds: closed while a request waited for its answer'))
  }

  #ask(service: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#asked = { service, pendings: 0, cancel: this.#timer(this.#settings.answerMs), resolve, reject }
    })
  }

  #refused(asked: Asked, code: number): void {
    if (code === responsePending && asked.pendings++ < this.#settings.mostPending) {
      asked.cancel()
      asked.cancel = this.#timer(this.#settings.pendingMs)
      return
    }
    const service = `service 0x${asked.service.toString(16).toUpperCase()}`
    this.#fail(new AgentError('CAN_UDS_REFUSED', `uds: the ECU refuses ${service}: ${refusalText(code)}`))
  }

  #timer(milliseconds: number): Cancel {
    return this.#settings.clock.after(milliseconds, () =>
      this.#fail(new AgentError('CAN_UDS_TIMEOUT', `uds: expected an answer within ${milliseconds} ms, got nothing`)),
    )
  }

  #fail(error: Error): void {
    if (this.#asked) this.#end(this.#asked).reject(error)
  }

  #end(asked: Asked): Asked {
    asked.cancel()
    this.#asked = undefined
    return asked
  }
}
