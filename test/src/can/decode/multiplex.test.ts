import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileDecoders } from '../../../../src/can/index.js'
import { dbcOf, problemsOf } from '../../../support/dbc.js'

type Range = readonly [least: number, greatest: number]

/** A signal, and the one before it that selects it by some ranges of its raw values. */
interface Page {
  readonly by: number
  readonly ranges: readonly Range[]
}

const width = 11
/** Small ones mostly, so that they meet; some of more bits than a byte has. */
const values = fc.oneof(
  { weight: 4, arbitrary: fc.nat(5) },
  { weight: 1, arbitrary: fc.constantFrom(255, 256, 300, 2047) },
)
const ranges = fc.array(
  fc.tuple(values, values).map(([one, other]): Range => [Math.min(one, other), Math.max(one, other)]),
  { minLength: 1, maxLength: 3 },
)
/** The first signal is always there. */
const trees = fc
  .array(fc.tuple(fc.nat(100), ranges), { minLength: 1, maxLength: 9 })
  .map((pages) => pages.map(([seed, list], index): Page => ({ by: seed % (index + 1), ranges: list })))

const bitOf = (signal: number, bigEndian: boolean): number => {
  const at = signal * width
  return bigEndian ? (at & ~7) + 7 - (at & 7) : at
}

/** The file of such a message: each signal behind the other, 11 bits each. */
function fileOf(pages: readonly Page[], bigEndian: boolean): readonly string[] {
  const selects = (signal: number): boolean => pages.some(({ by }) => by === signal)
  const signals = [undefined, ...pages].map((page, signal) => {
    const group = `${page ? `m${page.ranges[0]?.[0]}` : ''}${selects(signal) ? 'M' : ''}`
    return ` SG_ S${signal} ${group} : ${bitOf(signal, bigEndian)}|${width}@${bigEndian ? 0 : 1}+ (1,0) [0|0] "" X`
  })
  const lines = pages.map(({ by, ranges: list }, index) => {
    const text = list.map(([least, greatest]) => `${least}-${greatest}`).join(', ')
    return `SG_MUL_VAL_ 1 S${index + 1} S${by} ${text};`
  })
  return ['BO_ 1 M: 64 E', ...signals.toReversed(), ...lines]
}

function frameOf(raws: readonly number[], bigEndian: boolean): Uint8Array {
  const bits: number[] = new Array<number>(512).fill(0)
  for (const [signal, raw] of raws.entries())
    for (let bit = 0; bit < width; bit++) {
      const place = signal * width + (bigEndian ? width - 1 - bit : bit)
      bits[bigEndian ? (place & ~7) + 7 - (place & 7) : place] = (raw >> bit) & 1
    }
  return Uint8Array.from({ length: 64 }, (_none, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduce((sum, bit, at) => sum + bit * 2 ** at, 0),
  )
}

test('signals are there where every signal in front of them selects them, however deep', () => {
  const frames = fc.array(fc.array(values, { minLength: 10, maxLength: 10 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(trees, frames, fc.boolean(), (pages, all, bigEndian) => {
      const dbc = dbcOf(...fileOf(pages, bigEndian))
      assert.deepEqual(problemsOf(dbc), [])
      const { counts, decoders } = compileDecoders([dbc])
      for (const raws of all) {
        const isThere = (signal: number): boolean => {
          const page = pages[signal - 1]
          return page === undefined || (isThere(page.by) && isSelected(page, raws[page.by] ?? 0))
        }
        const there = [0, ...pages.map((_page, index) => index + 1)].filter(isThere)
        const isKnown = (by: number): boolean => {
          const selected = pages.filter((page) => page.by === by)
          return selected.length === 0 || selected.some((page) => isSelected(page, raws[by] ?? 0))
        }
        const before = counts.unknownSelectors
        decoders[0]?.decodeData(frameOf(raws, bigEndian), 64)
        assert.deepEqual(
          decoders[0]?.record(),
          Object.fromEntries(there.map((signal) => [`S${signal}`, raws[signal]])),
          fileOf(pages, bigEndian).join('\n'),
        )
        assert.equal(counts.unknownSelectors - before, there.every(isKnown) ? 0 : 1)
      }
    }),
    { numRuns: 200 },
  )
})

function isSelected({ ranges: list }: Page, raw: number): boolean {
  return list.some(([least, greatest]) => raw >= least && raw <= greatest)
}
