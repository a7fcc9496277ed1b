import type { EntryWriter } from '../../event/entry-writer.js'
import type { EventRecord } from '../../event/event.js'
import type { DbcMessage, DbcSignal } from '../dbc/dbc.js'
import type { CanFrame } from '../frame.js'
import type { DecodeCounts } from './counts.js'
import type { SignalFields } from './fields.js'
import type { SignalPlan } from './plan.js'
import type { Quality, QualityCheck } from './quality.js'
import { floatOf, longRawOf, rawOf } from './raw.js'
import { type Scale, scaleExactly } from './scale.js'

/** What the slot of a signal holds after a frame. */
export const slot = { absent: 0, number: 1, bigint: 2, notAvailable: 3, error: 4 } as const

/** What a decoder is made of. */
export interface CompiledMessage {
  readonly message: DbcMessage
  readonly j1939: boolean
  readonly plans: readonly SignalPlan[]
  readonly fields: SignalFields
  readonly counts: DecodeCounts
  readonly check: QualityCheck | undefined
}

/**
 * Decodes the frames of one message into slots of its own, one for each signal, which the next frame fills again. Nothing
 * is made for a frame but integers that no double holds.
 */
export class MessageDecoder {
  readonly message: DbcMessage
  /** Whether it is found by its parameter group. */
  readonly j1939: boolean
  readonly fields: SignalFields
  /** In the order of the slots: each behind the one that selects it. */
  readonly signals: readonly DbcSignal[]
  /** One of `slot` for each signal. */
  readonly states: Uint8Array
  /** Before factor and offset; NaN where only `rawAt` can tell. */
  readonly raws: Float64Array
  /** Of signals in the state `slot.number`. */
  readonly values: Float64Array
  /** What counter and checksum say of the frame, where there is a rule for its message. */
  quality: Quality = 'good'
  readonly #plans: readonly SignalPlan[]
  readonly #bigints: bigint[] = []
  readonly #longRaws: bigint[] = []
  /** Which signals have selected another one in this frame; empty where none ever does. */
  readonly #selecting: Uint8Array
  readonly #counts: DecodeCounts
  readonly #check: QualityCheck | undefined
  readonly #scratch = new DataView(new ArrayBuffer(8))

  constructor({ message, j1939, plans, fields, counts, check }: CompiledMessage) {
    this.message = message
    this.j1939 = j1939
    this.fields = fields
    this.signals = plans.map(({ signal }) => signal)
    this.states = new Uint8Array(plans.length)
    this.raws = new Float64Array(plans.length)
    this.values = new Float64Array(plans.length)
    this.#selecting = new Uint8Array(message.signals.some(({ selects }) => selects) ? plans.length : 0)
    this.#plans = plans
    this.#counts = counts
    this.#check = check
  }

  decode(frame: CanFrame): void {
    this.decodeData(frame.data, frame.length)
  }

  /** Decodes the first `length` bytes of data, such as those of a message that came in several frames. */
  decodeData(data: Uint8Array, length: number): void {
    const plans = this.#plans
    const counts = this.#counts
    let isShort = false
    if (this.#selecting.length > 0) this.#selecting.fill(0)
    for (let place = 0; place < plans.length; place++) {
      const plan = plans[place] as SignalPlan
      this.states[place] = slot.absent
      if (plan.selector >= 0 && !this.#isSelected(plan)) continue
      if (plan.bytes > length) isShort = true
      else this.#read(plan, place, data)
    }
    counts.decoded++
    if (isShort) counts.shortFrames++
    if (this.#selecting.length > 0 && this.#hasUnknownSelector()) counts.unknownSelectors++
    if (this.#check) this.quality = this.#check.judge(this, data, length)
  }

  /** The value of a signal; undefined where it is absent, null where it said that it has none. */
  valueAt(place: number): number | bigint | null | undefined {
    const state = this.states[place]
    if (state === slot.number) return this.values[place]
    if (state === slot.bigint) return this.#bigints[place]
    return state === slot.absent ? undefined : null
  }

  /** What the bits of a signal say, if it is not absent. */
  rawAt(place: number): number | bigint {
    const raw = this.raws[place] as number
    return Number.isNaN(raw) ? (this.#longRaws[place] ?? raw) : raw
  }

  /** The text that the file has for a raw value. */
  labelAt(place: number): string | undefined {
    const { labels } = this.signals[place] as DbcSignal
    return labels.size > 0 ? labels.get(this.rawAt(place)) : undefined
  }

  /** How many fields the frame's signals are. */
  get fieldCount(): number {
    return this.fields.count(this)
  }

  /** Writes `fieldCount` fields: names and values, for the map that the caller has begun. */
  write(writer: EntryWriter): void {
    this.fields.write(this, writer)
  }

  /** The same fields as an object. */
  record(): EventRecord {
    return this.fields.record(this)
  }

  #isSelected({ selector, ranges }: SignalPlan): boolean {
    if (this.states[selector] === slot.absent) return false
    const raw = Number(this.rawAt(selector))
    for (let index = 0; index < ranges.length; index += 2) {
      if (raw < (ranges[index] as number) || raw > (ranges[index + 1] as number)) continue
      this.#selecting[selector] = 1
      return true
    }
    return false
  }

  #hasUnknownSelector(): boolean {
    for (let place = 0; place < this.signals.length; place++) {
      const isSelector = (this.signals[place] as DbcSignal).selects
      if (isSelector && this.states[place] !== slot.absent && this.#selecting[place] === 0) return true
    }
    return false
  }

  #read(plan: SignalPlan, place: number, data: Uint8Array): void {
    const { scale, floatBits } = plan
    const raw = floatBits > 0 ? floatOf(plan, data, this.#scratch) : rawOf(plan, data)
    this.raws[place] = raw
    if (raw >= plan.errorFrom) return this.#setIndicator(plan, place, raw)
    if (Math.abs(raw) <= scale.safeRaw) {
      this.values[place] = (raw * scale.multiplier + scale.addend) / scale.divisor
      this.states[place] = slot.number
    } else if (floatBits > 0) this.#setFloat(plan, place, raw)
    else this.#setLong(scale, place, Number.isNaN(raw) ? longRawOf(plan, data) : BigInt(raw))
  }

  #setIndicator({ missingFrom }: SignalPlan, place: number, raw: number): void {
    const isMissing = raw >= missingFrom
    this.states[place] = isMissing ? slot.notAvailable : slot.error
    if (isMissing) this.#counts.notAvailable++
    else this.#counts.errors++
  }

  /** Not by whole numbers: what they multiply may be beyond a double though the value is not. */
  #setFloat({ signal }: SignalPlan, place: number, raw: number): void {
    this.values[place] = raw * signal.factor + signal.offset
    this.states[place] = slot.number
  }

  #setLong({ exact, multiplier, addend }: Scale, place: number, raw: bigint): void {
    const value = exact ? scaleExactly(raw, exact) : Number(raw) * multiplier + addend
    this.#longRaws[place] = raw
    this.states[place] = typeof value === 'bigint' ? slot.bigint : slot.number
    if (typeof value === 'bigint') this.#bigints[place] = value
    else this.values[place] = value
  }
}
