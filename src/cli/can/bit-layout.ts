import type { DbcMessage, DbcSignal } from '../../can/index.js'

/** Signs of signals in a layout, in the order of the signals. */
const signs = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

const bitsOfByte = [7, 6, 5, 4, 3, 2, 1, 0]

/** What stands for the signal at this place; those beyond sixty share one. */
export function signOf(place: number): string {
  return signs[place] ?? '#'
}

/** Number of each bit of a signal, 8 × byte + bit, from its least significant one to the most. */
export function bitsOf({ start, length, bigEndian }: DbcSignal): number[] {
  if (!bigEndian) return Array.from({ length }, (_, index) => start + index)
  // From the most significant bit downwards; after bit 0 of a byte follows bit 7 of the next.
  const first = (start >> 3) * 8 + 7 - (start & 7)
  return Array.from({ length }, (_, index) => {
    const place = first + length - 1 - index
    return (place >> 3) * 8 + 7 - (place & 7)
  })
}

/**
 * The bytes of a message, each with its bits, as they are on the bus; `!` is a bit of several signals, an arrow the most significant
 * bit of a signal:
 *
 *              7   6   5   4   3   2   1   0
 *            ┌───┬───┬───┬───┬───┬───┬───┬───┐
 *     byte 0 │ a<  a   a   a │ b<  b │   │   │
 *     byte 1 │ c<│   │   │   │   │   │   │   │
 *            └───┴───┴───┴───┴───┴───┴───┴───┘
 */
export function layoutOf(message: DbcMessage, shown: readonly DbcSignal[]): string[] {
  const cells = cellsOf(message, shown)
  const bytes = Math.max(message.length, Math.ceil(cells.length / 8))
  const edge = (left: string, middle: string, right: string): string =>
    `${' '.repeat(8)}${left}${bitsOfByte.map(() => '───').join(middle)}${right}`
  return [
    `${' '.repeat(9)}${bitsOfByte.map((bit) => ` ${bit} `).join(' ')}`.trimEnd(),
    edge('┌', '┬', '┐'),
    ...Array.from({ length: bytes }, (_, byte) => `byte ${String(byte).padStart(2)} ${rowOf(cells, byte)}`),
    edge('└', '┴', '┘'),
  ]
}

interface Cell {
  readonly sign: string
  readonly isTop: boolean
}

function cellsOf(message: DbcMessage, shown: readonly DbcSignal[]): (Cell | undefined)[] {
  const cells: (Cell | undefined)[] = []
  for (const [place, signal] of message.signals.entries()) {
    if (!shown.includes(signal)) continue
    const bits = bitsOf(signal)
    for (const bit of bits) {
      cells[bit] = { sign: cells[bit] ? '!' : signOf(place), isTop: bit === bits.at(-1) }
    }
  }
  return cells
}

/** No line stands between bits of one signal. */
function rowOf(cells: readonly (Cell | undefined)[], byte: number): string {
  const row = bitsOfByte.map((bit) => {
    const cell = cells[byte * 8 + bit]
    const left = bit === 7 ? undefined : cells[byte * 8 + bit + 1]
    const isJoined = cell !== undefined && left !== undefined && cell.sign === left.sign
    return `${isJoined ? ' ' : '│'} ${cell?.sign ?? ' '}${cell?.isTop ? '<' : ' '}`
  })
  return `${row.join('')}│`
}
