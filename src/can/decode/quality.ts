import { AgentError } from '../../base/agent-error.js'
import type { DbcMessage, DbcSignal } from '../dbc/dbc.js'
import { bytesNeeded } from '../dbc/layout.js'
import { checksumOf, type SignalChecksum } from './checksums.js'
import type { DecodeCounts } from './counts.js'

/** `counter`: frames are missing in front of this one, or it came again. `checksum`: its bytes are not what was sent. */
export type Quality = 'good' | 'counter' | 'checksum'

/** How the frames of a message show whether all of them came, and came whole. */
export interface QualityRule {
  /** Name of the message. */
  readonly message: string
  /** A signal that is one more in each frame. */
  readonly counter?: string
  /** What the counter counts up to, and starts again at 0; all that its bits hold, unless given. */
  readonly modulo?: number
  readonly checksum?: {
    /** The signal that has it, of 8 bits. */
    readonly signal: string
    readonly algorithm: SignalChecksum
    /** First byte that goes in, and the one behind the last; all of the frame, unless given. The checksum's own never does. */
    readonly from?: number
    readonly to?: number
    /** Identifier of the data, which goes in behind its bytes: one byte, or one for each value of the counter. */
    readonly dataIds?: readonly number[]
  }
}

/** The signals of a frame, as they were decoded. */
export interface DecodedSignals {
  readonly raws: Float64Array
  readonly states: Uint8Array
}

/** Holds the frames of one message to its rule. */
export class QualityCheck {
  readonly #rule: QualityRule
  readonly #counts: DecodeCounts
  /** Slots of the two signals, -1 for none. */
  readonly #counter: number
  readonly #checksum: number
  readonly #modulo: number
  /** Byte of the checksum. */
  readonly #without: number
  /** Of the frame before, -1 where there was none. */
  #last = -1

  /** Throws `CAN_QUALITY` when a rule names a signal that its message does not have, or that can't be what it should. */
  constructor(rule: QualityRule, message: DbcMessage, signals: readonly DbcSignal[], counts: DecodeCounts) {
    this.#rule = rule
    this.#counts = counts
    this.#counter = placeOf(rule.counter, message, signals)
    this.#checksum = placeOf(rule.checksum?.signal, message, signals)
    const checksum = signals[this.#checksum]
    if (checksum && checksum.length !== 8) throw unfit(message, checksum, 'a checksum of 8 bits')
    this.#without = checksum ? bytesNeeded(checksum) - 1 : -1
    this.#modulo = rule.modulo ?? 2 ** (signals[this.#counter]?.length ?? 0)
  }

  /** What a wrong frame counts to says nothing of the next. */
  judge({ raws, states }: DecodedSignals, data: Uint8Array, length: number): Quality {
    if (this.#checksum >= 0 && !this.#isRight(raws, states, data, length)) {
      this.#counts.wrongChecksums++
      return 'checksum'
    }
    if (this.#counter < 0 || states[this.#counter] === 0) return 'good'
    const count = raws[this.#counter] as number
    const isNext = this.#last < 0 || count === (this.#last + 1) % this.#modulo
    this.#last = count
    if (isNext) return 'good'
    this.#counts.counterJumps++
    return 'counter'
  }

  #isRight(raws: Float64Array, states: Uint8Array, data: Uint8Array, length: number): boolean {
    const { checksum } = this.#rule
    if (!checksum || states[this.#checksum] === 0) return false
    const { algorithm, from = 0, to = length, dataIds = [] } = checksum
    const id = dataIds[dataIds.length > 1 ? (raws[this.#counter] ?? 0) : 0]
    const bytes = { from, to: Math.min(to, length), without: this.#without, suffix: id ?? -1 }
    return checksumOf(algorithm, data, bytes) === raws[this.#checksum]
  }
}

function placeOf(name: string | undefined, message: DbcMessage, signals: readonly DbcSignal[]): number {
  if (name === undefined) return -1
  const place = signals.findIndex((signal) => signal.name === name)
  const signal = signals[place]
  if (!signal) throw new AgentError('CAN_QUALITY', `message ${message.name}: expected a signal of it, got "${name}"`)
  if (signal.type !== 'unsigned' || signal.length > 32)
    throw unfit(message, signal, 'an unsigned integer of 32 bits at most')
  return place
}

function unfit(message: DbcMessage, { name, type, length }: DbcSignal, expected: string): AgentError {
  return new AgentError(
    'CAN_QUALITY',
    `message ${message.name}: expected ${expected}, got "${name}", ${type}, ${length} bits`,
  )
}
