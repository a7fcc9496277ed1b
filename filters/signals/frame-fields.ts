import { type CanFrame, frameFields, readFrameRecord } from 'sluice/can'
import { type EventRecord, fieldText, type Value } from 'sluice/plugin'

export interface FrameKeys {
  readonly bus_key: string
  readonly id_key: string
  readonly extended_key: string
  readonly data_key: string
  readonly encoding: 'hex' | 'base64'
}

/** Fields of a frame that the keys name. */
const keyed: readonly string[] = ['bus', 'id', 'extended', 'data']

/** Where a record has a frame, and what else it has. */
export class FrameFields {
  readonly #keys: FrameKeys
  readonly #isOfFrame: ReadonlySet<string>

  constructor(keys: FrameKeys) {
    this.#keys = keys
    const others = frameFields.filter((name) => !keyed.includes(name))
    this.#isOfFrame = new Set([keys.bus_key, keys.id_key, keys.extended_key, keys.data_key, ...others])
  }

  has(record: EventRecord): boolean {
    return record[this.#keys.id_key] !== undefined
  }

  /** Fills a frame; why it cannot, where the record has none. */
  read(record: EventRecord, frame: CanFrame): string | undefined {
    const { id_key, extended_key, data_key } = this.#keys
    const named: Record<string, Value> = { ...record, id: record[id_key] ?? null, data: this.#dataOf(record[data_key]) }
    const extended = record[extended_key]
    if (extended === undefined) delete named['extended']
    else named['extended'] = extended
    return readFrameRecord(named, frame)
  }

  busOf(record: EventRecord): string {
    return fieldText(record[this.#keys.bus_key] ?? '')
  }

  /** The record without its frame. */
  rest(record: EventRecord): EventRecord {
    return Object.fromEntries(Object.entries(record).filter(([name]) => !this.#isOfFrame.has(name)))
  }

  #dataOf(value: Value | undefined): Value {
    if (typeof value === 'string' && this.#keys.encoding === 'base64') return Buffer.from(value, 'base64')
    return value ?? ''
  }
}
