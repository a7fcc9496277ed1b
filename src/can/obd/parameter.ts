import type { Value } from '../../event/event.js'

/** One value in the data of a parameter: a number by a linear formula, or one of a few words. */
export interface ParameterSignal {
  readonly name: string
  /** As in `km/h`; empty where there is none. */
  readonly unit: string
  /** Reads it; undefined where the data is too short for it, or says that it has no such value. */
  read(data: Uint8Array): Value | undefined
}

/** A parameter of service 01 and 02: what an ECU tells when asked for this number. */
export interface Parameter {
  readonly pid: number
  readonly name: string
  /** Bytes of its data. */
  readonly bytes: number
  readonly signals: readonly ParameterSignal[]
}

/** `value = raw * multiplier / divisor + offset`, in this order so that what is whole stays so. */
export interface Formula {
  readonly multiplier?: number
  readonly divisor?: number
  readonly offset?: number
  /** First byte; 0 where it is not given. */
  readonly at?: number
  /** Bit of byte 0 that says whether there is such a value. */
  readonly present?: number
}

type Raw = (view: DataView, at: number) => number

const unsigned8: Raw = (view, at) => view.getUint8(at)
const unsigned16: Raw = (view, at) => view.getUint16(at)
const signed16: Raw = (view, at) => view.getInt16(at)
const unsigned32: Raw = (view, at) => view.getUint32(at)

/** Signals of one, two and four bytes, most significant first (SAE J1979, 4.1.4). */
export const u8 = linear(unsigned8, 1)
export const u16 = linear(unsigned16, 2)
export const s16 = linear(signed16, 2)
export const u32 = linear(unsigned32, 4)

function linear(raw: Raw, bytes: number): (name: string, unit: string, formula?: Formula) => ParameterSignal {
  return (name, unit, { multiplier = 1, divisor = 1, offset = 0, at = 0, present } = {}) => ({
    name,
    unit,
    read(data) {
      if (at + bytes > data.length || !isPresent(data, present)) return undefined
      return (raw(new DataView(data.buffer, data.byteOffset, data.length), at) * multiplier) / divisor + offset
    },
  })
}

function isPresent(data: Uint8Array, number: number | undefined): boolean {
  return number === undefined || ((data[0] ?? 0) & (1 << number)) !== 0
}

/** One of a few words by the value of a byte; the number itself where no word is known. */
export function word(name: string, words: { readonly [value: number]: string }, at = 0): ParameterSignal {
  return {
    name,
    unit: '',
    read(data) {
      const value = data[at]
      return value === undefined ? undefined : (words[value] ?? value)
    },
  }
}

/** A bit, counted from the least significant one. */
export function bit(name: string, number: number, at = 0): ParameterSignal {
  return {
    name,
    unit: '',
    read(data) {
      const value = data[at]
      return value === undefined ? undefined : (value & (1 << number)) !== 0
    },
  }
}

/** Puts what the data of a parameter says into a record. */
export function readParameter({ signals }: Parameter, data: Uint8Array, into: { [name: string]: Value }): void {
  for (const signal of signals) {
    const value = signal.read(data)
    if (value !== undefined) into[signal.name] = value
  }
}
