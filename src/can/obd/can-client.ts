import type { Cancel, Clock } from '../../base/clock.js'
import type { CanFrame } from '../frame.js'
import { functionalEnd, type IsoTpEnd, normalFixedAddress } from '../isotp/address.js'
import { IsoTpFrames } from '../isotp/frames.js'
import { type IsoTpFault, IsoTpReceiver } from '../isotp/receiver.js'
import { responsePending } from '../uds/refusals.js'
import { isAnswerTo, type ObdAnswer, refusalIn } from './messages.js'

export interface ObdCanSettings {
  readonly clock: Clock
  /** Sends a frame, which is lent until the promise settles. */
  readonly send: (frame: CanFrame) => Promise<void>
  readonly onFault: (fault: IsoTpFault) => void
  /** The bus has identifiers of 29 bits for diagnostics (ISO 15765-4, 6.3.2.3), not of 11. */
  readonly extended: boolean
  /** How long ECUs have to begin to answer. */
  readonly answerMs: number
}

/** Asks whoever is there: all legislated ECUs, of 11 bits (ISO 15765-4, 6.3.2.2). */
const functional11: IsoTpEnd = { id: 0x7df, extended: false, prefix: undefined }
/** They answer from these identifiers, and hear flow control eight below. */
const firstAnswer11 = 0x7e8
const lastAnswer11 = 0x7ef
const answerDistance = 8

/** Addresses of 29 bits: of who asks, and of all ECUs of emissions. */
const tester = 0xf1
const allEcus = 0x33
const firstAnswer29 = 0x18daf100

/** P2*: how long an ECU may take that has said that it needs longer (ISO 14229-2, table 4). */
const pendingMs = 5000
/** Longest that a request may take, whatever ECUs go on to say. */
const longestMs = 30_000
/** Longest answer that is taken: more codes than any ECU has. */
const longestAnswer = 4095
const nextFrameMs = 1000
/** The last part of the time to answer is waited for by itself: what came while this process was busy is read before it ends. */
const lastMs = 1
const padding = 0xcc

/** A request that waits for its answers. */
interface Asked {
  readonly request: Uint8Array
  readonly answers: ObdAnswer[]
  /** ECUs that said that they need longer. */
  readonly pending: Set<string>
  /** As many answers are all. */
  readonly expected: number
  isLate: boolean
  /** Timers: for the first answers, for those that are pending, for all of it. */
  readonly cancels: [answer: Cancel, pending: Cancel, end: Cancel]
  readonly resolve: (answers: ObdAnswer[]) => void
}

/** Asks ECUs over CAN and gathers what they answer (ISO 15765-4). One request at a time: a later one gives up the one before. */
export class ObdCan {
  readonly #settings: ObdCanSettings
  readonly #request: IsoTpFrames
  readonly #receivers = new Map<number, IsoTpReceiver>()
  #asked: Asked | undefined

  constructor(settings: ObdCanSettings) {
    this.#settings = settings
    const end = settings.extended ? functionalEnd({ source: tester, target: allEcus }) : functional11
    this.#request = new IsoTpFrames({ end, frameBytes: 8, padding })
  }

  /**
   * Takes any frame of the bus: those of answers count. While nothing is asked they are meant for another tester, into whose
   * conversation no flow control is to go.
   */
  take(frame: CanFrame): void {
    if (!this.#asked || frame.extended !== this.#settings.extended || frame.remote || frame.error) return
    if (!this.#isAnswer(frame.id)) return
    const receiver = this.#receiverOf(frame.id)
    if (!receiver.isReceiving && this.#isTooLate(this.#asked, frame.id)) return
    receiver.take(frame.data.subarray(0, frame.length), frame.length)
    this.#settle()
  }

  /**
   * Asks with up to seven bytes all ECUs, or the one that answers from the identifier `ecu`. Resolves with what ECUs said, which may be nothing: once `expected` of them have, or the time to answer
   * is over and none is amidst. Rejects with what `send` throws.
   */
  async request(request: Uint8Array, expected = Infinity, ecu?: string): Promise<ObdAnswer[]> {
    this.#giveUp()
    const from = parseInt(ecu ?? '', 16)
    if (ecu !== undefined && !this.#isAnswer(from)) return []
    const frames = ecu === undefined ? this.#request : this.#framesTo(from)
    const answers = this.#ask(request, expected)
    try {
      await this.#settings.send(frames.single(request))
    } catch (error) {
      this.#giveUp()
      throw error
    }
    return answers
  }

  /** Gives up what is under way. */
  close(): void {
    this.#giveUp()
  }

  #ask(request: Uint8Array, expected: number): Promise<ObdAnswer[]> {
    return new Promise((resolve) => {
      const { clock, answerMs } = this.#settings
      const answer = clock.after(answerMs - lastMs, () => {
        asked.cancels[0] = clock.after(lastMs, () => this.#late())
      })
      const end = clock.after(longestMs, () => this.#giveUp())
      const pending = new Set<string>()
      const cancels: Asked['cancels'] = [answer, () => undefined, end]
      const asked: Asked = { request, expected, resolve, cancels, pending, answers: [], isLate: false }
      this.#asked = asked
    })
  }

  #late(): void {
    if (this.#asked) this.#asked.isLate = true
    this.#settle()
  }

  #settle(): void {
    const asked = this.#asked
    if (!asked || asked.pending.size > 0) return
    if (asked.answers.length >= asked.expected || (asked.isLate && !this.#isReceiving())) this.#giveUp()
  }

  /** What has come until now is all. */
  #giveUp(): void {
    const asked = this.#asked
    this.#asked = undefined
    if (!asked) return
    for (const cancel of asked.cancels) cancel()
    for (const receiver of this.#receivers.values()) receiver.close()
    asked.resolve(asked.answers)
  }

  /** Whoever begins behind the time to answer would hold up all that is asked then, by beginning again and again. */
  #isTooLate({ isLate, pending }: Asked, id: number): boolean {
    return isLate && !pending.has(ecuName(id))
  }

  #isReceiving(): boolean {
    for (const receiver of this.#receivers.values()) if (receiver.isReceiving) return true
    return false
  }

  #answered(ecu: string, payload: Uint8Array): void {
    const asked = this.#asked
    if (!asked || !isAnswerTo(asked.request, payload)) return
    if (refusalIn(payload) === responsePending) return this.#wait(asked, ecu)
    asked.pending.delete(ecu)
    asked.answers.push({ ecu, payload })
  }

  #wait(asked: Asked, ecu: string): void {
    asked.pending.add(ecu)
    asked.cancels[1]()
    asked.cancels[1] = this.#settings.clock.after(pendingMs, () => {
      asked.pending.clear()
      this.#late()
    })
  }

  #isAnswer(id: number): boolean {
    if (this.#settings.extended) return id >= firstAnswer29 && id <= firstAnswer29 + 0xff
    return id >= firstAnswer11 && id <= lastAnswer11
  }

  /** Frames to the ECU that answers from this identifier. */
  #framesTo(id: number): IsoTpFrames {
    const { extended } = this.#settings
    const end = extended
      ? normalFixedAddress({ source: tester, target: id & 0xff }).transmit
      : { id: id - answerDistance, extended, prefix: undefined }
    return new IsoTpFrames({ end, frameBytes: 8, padding })
  }

  #receiverOf(id: number): IsoTpReceiver {
    const known = this.#receivers.get(id)
    if (known) return known
    const { clock, send, onFault } = this.#settings
    const controls = this.#framesTo(id)
    const ecu = ecuName(id)
    const receiver = new IsoTpReceiver({
      clock,
      longest: longestAnswer,
      blockSize: 0,
      separationMs: 0,
      nextFrameMs,
      onMessage: (payload) => this.#answered(ecu, payload),
      onFault: (fault) => {
        onFault(fault)
        this.#settle()
      },
      flow: (control) => void send(controls.flowControl(control)).catch(() => onFault('not_sent')),
    })
    this.#receivers.set(id, receiver)
    return receiver
  }
}

function ecuName(id: number): string {
  return id.toString(16).toUpperCase()
}
