import { EntryWriter } from '../../event/entry-writer.js'
import type { EventRecord, Value } from '../../event/event.js'
import { setField } from '../../event/record.js'
import type { DbcSignal } from '../dbc/dbc.js'

/** What stands for a signal whose raw value has a text in the file: its number, the text, or each in a field of its own. */
export const labelStyles = ['number', 'text', 'both'] as const

export type LabelStyle = (typeof labelStyles)[number]

export interface FieldSettings {
  readonly labels: LabelStyle
  /** Names of fields that stand in the record besides: a signal of that name has `_` behind it. */
  readonly reserved: readonly string[]
}

/** The signals of a frame, as they were decoded. */
export interface SignalValues {
  /** Undefined for a signal that is absent, null for one that has no value. */
  valueAt(place: number): number | bigint | null | undefined
  labelAt(place: number): string | undefined
}

/** Behind the name of a signal: the field of its text, where its number has one too. */
const labelSuffix = '_label'

/** The fields of a record that signals of a message become: written as they are, or put in an object. */
export class SignalFields {
  /** In the order of the signals; mostly their names. */
  readonly names: readonly string[]
  readonly #labelNames: readonly string[]
  /** Names as they are written. */
  readonly #keys: readonly Uint8Array[]
  readonly #labelKeys: readonly Uint8Array[]
  readonly #hasText: boolean
  readonly #hasNumber: boolean

  constructor(signals: readonly DbcSignal[], { labels: style, reserved }: FieldSettings) {
    const taken = new Set(signals.map(({ name }) => name))
    this.names = signals.map(({ name }) => (reserved.includes(name) ? freeName(`${name}_`, taken) : name))
    this.#hasText = style !== 'number' && signals.some(({ labels }) => labels.size > 0)
    this.#hasNumber = style !== 'text'
    this.#labelNames =
      this.#hasText && this.#hasNumber ? this.names.map((name) => freeName(name + labelSuffix, taken)) : []
    this.#keys = keysOf(this.names)
    this.#labelKeys = keysOf(this.#labelNames)
  }

  /** How many fields `write` writes. */
  count(signals: SignalValues): number {
    let count = 0
    for (let place = 0; place < this.names.length; place++) count += this.countAt(place, signals)
    return count
  }

  countAt(place: number, signals: SignalValues): number {
    if (signals.valueAt(place) === undefined) return 0
    return this.#hasText && this.#hasNumber && signals.labelAt(place) !== undefined ? 2 : 1
  }

  write(signals: SignalValues, writer: EntryWriter): void {
    for (let place = 0; place < this.names.length; place++) this.writeAt(place, signals, writer)
  }

  writeAt(place: number, signals: SignalValues, writer: EntryWriter): void {
    const value = signals.valueAt(place)
    if (value === undefined) return
    const label = this.#hasText ? signals.labelAt(place) : undefined
    writer.append(this.#keys[place] as Uint8Array)
    if (label !== undefined && !this.#hasNumber) return writer.writeString(label)
    if (typeof value === 'number') writer.writeNumber(value)
    else writer.writeValue(value)
    if (label === undefined) return
    writer.append(this.#labelKeys[place] as Uint8Array)
    writer.writeString(label)
  }

  record(signals: SignalValues): EventRecord {
    const record: Record<string, Value> = {}
    for (let place = 0; place < this.names.length; place++) this.#put(record, place, signals)
    return record
  }

  #put(record: Record<string, Value>, place: number, signals: SignalValues): void {
    const value = signals.valueAt(place)
    if (value === undefined) return
    const label = this.#hasText ? signals.labelAt(place) : undefined
    setField(record, this.names[place] as string, label === undefined || this.#hasNumber ? value : label)
    if (label !== undefined && this.#hasNumber) setField(record, this.#labelNames[place] as string, label)
  }
}

/** A name that no other field has; it is taken from now on. */
function freeName(name: string, taken: Set<string>): string {
  let free = name
  while (taken.has(free)) free += '_'
  taken.add(free)
  return free
}

function keysOf(names: readonly string[]): readonly Uint8Array[] {
  const writer = new EntryWriter()
  return names.map((name) => {
    writer.clear()
    writer.writeString(name)
    return new Uint8Array(writer.peek())
  })
}
