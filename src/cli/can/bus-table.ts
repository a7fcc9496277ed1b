import { type CanFrame, copyFrame, emptyFrame, type MessageDecoder, slot } from '../../can/index.js'
import type { DecodersOf } from './bus-decoders.js'

/** More ids than buses have; noise must not fill the memory. */
const mostRows = 10_000

/** How much the newest interval counts in the cycle that is shown. */
const newest = 0.2

/** The last frame of one id, and how often it comes. */
interface Row {
  readonly bus: string
  readonly last: CanFrame
  readonly decoder: MessageDecoder | undefined
  count: number
  /** Seconds; 0 while there was one frame alone. */
  cycle: number
  /** Moment of the last frame, in seconds. */
  at: number
}

/** What was heard of each id of each bus. */
export class BusTable {
  readonly #decodersOf: DecodersOf
  readonly #buses = new Map<string, Map<number, Row>>()
  #rows = 0
  frames = 0
  /** Frames of ids that had no room. */
  untold = 0
  /** Moment of the newest frame, in seconds. */
  latest = 0

  constructor(decodersOf: DecodersOf) {
    this.#decodersOf = decodersOf
  }

  /** A frame of this moment, in seconds. */
  add(frame: CanFrame, bus: string, at: number): void {
    this.frames++
    this.latest = Math.max(this.latest, at)
    const row = this.#rowOf(frame, bus)
    if (!row) return void this.untold++
    if (row.count > 0) row.cycle = cycleOf(row, at)
    row.at = at
    row.count++
    copyFrame(frame, row.last)
  }

  /** Rows of text, by bus and id: `now` is the moment that ages count from, in seconds. */
  rows(now: number): string[][] {
    const rows = [...this.#buses.values()].flatMap((ids) => [...ids.values()].toSorted(byId))
    const head = ['bus', 'id', 'frames', 'per second', 'age', 'data', 'message', 'signals']
    return [head, ...rows.map((row) => textsOf(row, now))]
  }

  #rowOf(frame: CanFrame, bus: string): Row | undefined {
    const key = frame.id + (frame.extended ? 2 ** 29 : 0) + (frame.error ? 2 ** 30 : 0)
    const found = this.#buses.get(bus)?.get(key)
    if (found || this.#rows === mostRows) return found
    const decoder = this.#decodersOf(bus).find(frame)
    const row: Row = { bus, last: emptyFrame(), decoder, count: 0, cycle: 0, at: 0 }
    const ids = this.#buses.get(bus) ?? new Map<number, Row>()
    this.#buses.set(bus, ids.set(key, row))
    this.#rows++
    return row
  }
}

function cycleOf({ count, cycle, at: before }: Row, at: number): number {
  const interval = Math.max(0, at - before)
  return count === 1 ? interval : cycle + newest * (interval - cycle)
}

function byId({ last: one }: Row, { last: other }: Row): number {
  return Number(one.error) - Number(other.error) || Number(one.extended) - Number(other.extended) || one.id - other.id
}

function textsOf({ bus, last, decoder, count, cycle, at }: Row, now: number): string[] {
  const id = last.id.toString(16).toUpperCase()
  return [
    bus,
    id.padStart(last.extended || last.error ? 8 : 3, '0'),
    String(count),
    cycle > 0 ? (1 / cycle).toFixed(1) : '',
    `${Math.max(0, now - at).toFixed(1)} s`,
    dataText(last),
    decoder?.message.name ?? (last.error ? 'error' : ''),
    decoder ? signalsText(decoder, last) : '',
  ]
}

function dataText({ remote, data, length }: CanFrame): string {
  if (remote) return `remote request of ${length}`
  return Array.from(data.subarray(0, length), (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
}

function signalsText(decoder: MessageDecoder, frame: CanFrame): string {
  decoder.decode(frame)
  const present = decoder.signals.flatMap((signal, place) => {
    if (decoder.states[place] === slot.absent) return []
    const value = decoder.labelAt(place) ?? valueText(decoder.valueAt(place))
    return [`${signal.name} ${value}${signal.unit === '' ? '' : ` ${signal.unit}`}`]
  })
  return present.join(', ')
}

function valueText(value: number | bigint | null | undefined): string {
  if (value === null || value === undefined) return '-'
  return typeof value === 'bigint' ? String(value) : String(Number(value.toPrecision(9)))
}
