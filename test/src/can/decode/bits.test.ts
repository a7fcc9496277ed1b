import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { compileDecoders, type MessageDecoder } from '../../../../src/can/index.js'
import { dbcOf } from '../../../support/dbc.js'

interface Layout {
  readonly start: number
  readonly length: number
  readonly bigEndian: boolean
  readonly signed: boolean
}

/** Where the bits of a signal are, from its most significant one down: places as a DBC counts them, 8 × byte + bit. */
function bitsOf({ start, length, bigEndian }: Layout): readonly number[] {
  const bits = [start]
  while (bits.length < length) bits.push(bigEndian ? below(bits.at(-1) ?? 0) : (bits.at(-1) ?? 0) + 1)
  return bigEndian ? bits : bits.toReversed()
}

/** Big-endian signals go down to bit 0, and on at bit 7 of the next byte. */
function below(bit: number): number {
  return bit % 8 === 0 ? bit + 15 : bit - 1
}

function valueOf(layout: Layout, data: Uint8Array): bigint {
  let text = '0b0'
  for (const bit of bitsOf(layout)) text += ((data[bit >> 3] ?? 0) >> (bit % 8)) & 1
  return layout.signed ? BigInt.asIntN(layout.length, BigInt(text)) : BigInt(text)
}

function decoderOf({ start, length, bigEndian, signed }: Layout, scale = '1,0'): MessageDecoder {
  const order = `${bigEndian ? 0 : 1}${signed ? '-' : '+'}`
  const dbc = dbcOf('BO_ 1 M: 64 E', ` SG_ S : ${start}|${length}@${order} (${scale}) [0|0] ""`)
  const [decoder = assert.fail('no decoder')] = compileDecoders([dbc]).decoders
  return decoder
}

const layouts = fc.record({
  start: fc.nat(511),
  length: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 512 })),
  bigEndian: fc.boolean(),
  signed: fc.boolean(),
})
const frames = fc.oneof(
  fc.uint8Array({ minLength: 64, maxLength: 64 }),
  fc.constantFrom(0, 255, 128, 1).map((byte) => new Uint8Array(64).fill(byte)),
)

describe('the bits of a signal', () => {
  test('are read as they are one by one, wherever they are, and only where all of them are there', () => {
    fc.assert(
      fc.property(layouts, frames, fc.nat(64), (layout, data, length) => {
        const decoder = decoderOf(layout)
        decoder.decodeData(data, length)
        const isWhole = Math.max(...bitsOf(layout)) < length * 8
        assert.equal(decoder.states[0] !== 0, isWhole)
        if (!isWhole) return
        const wanted = valueOf(layout, data)
        assert.equal(BigInt(decoder.rawAt(0)), wanted)
        assert.equal(BigInt(decoder.valueAt(0) ?? 0), wanted)
      }),
      { numRuns: 1500 },
    )
  })

  test('come to what exact arithmetic makes of factor and offset', () => {
    const decimals = fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.nat(4))
    fc.assert(
      fc.property(layouts, frames, decimals, decimals, (some, data, [factor, places], [offset, more]) => {
        const layout = { ...some, start: some.bigEndian ? 7 : 0, length: Math.min(some.length, 64) }
        const decoder = decoderOf(layout, `${factor}e-${places},${offset}e-${more}`)
        decoder.decodeData(data, 64)
        const scaled =
          valueOf(layout, data) * BigInt(factor) * 10n ** BigInt(4 - places) + BigInt(offset) * 10n ** BigInt(4 - more)
        assertIs(decoder.valueAt(0), scaled, 10_000n)
      }),
      { numRuns: 1500 },
    )
  })

  /** Whole results are exact; others are within a few roundings. */
  function assertIs(got: number | bigint | null | undefined, scaled: bigint, divisor: bigint): void {
    if (scaled % divisor === 0n) return assert.equal(BigInt(got ?? 0), scaled / divisor)
    const wanted = Number(scaled / divisor) + Number(scaled % divisor) / Number(divisor)
    assert.ok(Math.abs(Number(got) - wanted) <= 1e-15 * Math.abs(wanted), `${got}, not ${wanted}`)
  }
})
