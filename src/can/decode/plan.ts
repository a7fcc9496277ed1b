import type { DbcMessage, DbcSignal } from '../dbc/dbc.js'
import { bytesNeeded } from '../dbc/layout.js'
import { type Piece, piecesOf } from './pieces.js'
import { type Scale, scaleOf } from './scale.js'

/** All that decoding a signal takes, looked up beforehand. */
export interface SignalPlan {
  readonly signal: DbcSignal
  readonly first: Piece
  /** Pieces behind the first. */
  readonly rest: readonly Piece[]
  readonly isSigned: boolean
  /** 32 or 64 for IEEE 754, 0 for an integer. */
  readonly floatBits: 0 | 32 | 64
  readonly scale: Scale
  /** Bytes that a frame has at least where the signal is whole. */
  readonly bytes: number
  /** Place of the signal that selects this one, -1 for one that is always there. */
  readonly selector: number
  /** Least and greatest raw value of the selector, one pair behind the other. */
  readonly ranges: Float64Array
  /** Raw values from here on say that there is an error, and those from `missingFrom` on that there is no value. */
  readonly errorFrom: number
  readonly missingFrom: number
}

/** The signals of a message, each behind the one that selects it. */
export function plansOf(message: DbcMessage, indicators: boolean): readonly SignalPlan[] {
  const signals = inOrder(message.signals)
  const places = new Map(signals.map(({ name }, place) => [name, place]))
  return signals.map((signal) => planOf(signal, places, indicators))
}

/** Written out, since objects that are spread into others do not share their shape, which the hot path needs. */
function planOf(signal: DbcSignal, places: ReadonlyMap<string, number>, indicators: boolean): SignalPlan {
  const { type, length, selector } = signal
  const [first = nowhere, ...rest] = piecesOf(signal)
  const floatBits = floatBitsOf(signal)
  const { errorFrom, missingFrom } = indicators ? indicatorsOf(signal) : noIndicators
  return {
    signal,
    first,
    rest,
    isSigned: type === 'signed',
    floatBits,
    scale: scaleOf(signal, floatBits > 0 ? 0 : length),
    bytes: bytesNeeded(signal),
    selector: selector ? (places.get(selector.signal) ?? -1) : -1,
    ranges: selector ? Float64Array.from(selector.ranges.flat()) : noRanges,
    errorFrom,
    missingFrom,
  }
}

function floatBitsOf({ type }: DbcSignal): SignalPlan['floatBits'] {
  if (type === 'double') return 64
  return type === 'float' ? 32 : 0
}

const nowhere: Piece = { at: 0, bigEndian: false, left: 0, right: 31 }
const noRanges = new Float64Array()
const noIndicators = { errorFrom: Number.POSITIVE_INFINITY, missingFrom: Number.POSITIVE_INFINITY }

/**
 * The greatest values of an unsigned signal say that it is not available or in error: of a byte and more those whose most
 * significant byte is 0xff or 0xfe, of less the last two (SAE J1939-71, 5.1.4, tables 1 and 2).
 */
function indicatorsOf({ type, length }: DbcSignal): typeof noIndicators {
  if (type !== 'unsigned' || length < 2 || length > 32) return noIndicators
  const step = 2 ** Math.max(0, length - 8)
  const end = 2 ** length
  return { errorFrom: end - 2 * step, missingFrom: end - step }
}

/** Stable, by how many signals select one another in front of each. */
function inOrder(signals: readonly DbcSignal[]): readonly DbcSignal[] {
  if (!signals.some(({ selector }) => selector)) return signals
  const byName = new Map(signals.map((signal) => [signal.name, signal]))
  const depths = new Map<string, number>()
  for (const signal of signals) setDepths(signal, byName, depths)
  return [...signals].sort((one, other) => depthOf(one, depths) - depthOf(other, depths))
}

/** Without recursion: a file may chain as many as it likes. Signals that select one another were sorted out by the parser. */
function setDepths(signal: DbcSignal, byName: ReadonlyMap<string, DbcSignal>, depths: Map<string, number>): void {
  const chain: string[] = []
  let selector = signal.selector
  while (selector && !depths.has(selector.signal) && chain.length < byName.size) {
    chain.push(selector.signal)
    selector = byName.get(selector.signal)?.selector
  }
  let depth = selector ? (depths.get(selector.signal) ?? 0) + 1 : 0
  for (const name of chain.toReversed()) depths.set(name, depth++)
}

/** That of a signal is one more than that of what selects it. */
function depthOf({ selector }: DbcSignal, depths: ReadonlyMap<string, number>): number {
  return selector ? (depths.get(selector.signal) ?? 0) + 1 : 0
}
