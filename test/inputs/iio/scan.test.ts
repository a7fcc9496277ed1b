import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { numberReader, readFormat } from '../../../inputs/iio/scan-format.js'
import { scanLayout } from '../../../inputs/iio/scan-layout.js'

const measure = { unit: undefined, scale: 1, offset: 0, divisor: 1 }

test('a value of any size and place is read as it was put in', () => {
  const formats = fc
    .record({
      littleEndian: fc.boolean(),
      signed: fc.boolean(),
      bytes: fc.constantFrom(1, 2, 4, 8),
      bits: fc.integer({ min: 1, max: 53 }),
      shift: fc.integer({ min: 0, max: 63 }),
    })
    .filter(({ bits, shift, bytes }) => bits + shift <= bytes * 8)
  fc.assert(
    fc.property(formats, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(), (format, noise, seed) => {
      const { littleEndian, signed, bytes, bits, shift } = format
      const raw = BigInt(seed) * 0x9e37_79b9_7f4a_7c15n
      const value = signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw)
      const mask = (2n ** BigInt(bits) - 1n) << BigInt(shift)
      const word = (noise & ~mask) | ((value << BigInt(shift)) & mask)
      const memory = new DataView(new ArrayBuffer(16))
      for (let at = 0; at < bytes; at++) {
        const place = BigInt(8 * (littleEndian ? at : bytes - 1 - at))
        memory.setUint8(3 + at, Number((word >> place) & 0xffn))
      }
      const text = `${littleEndian ? 'le' : 'be'}:${signed ? 's' : 'u'}${bits}/${bytes * 8}>>${shift}`
      assert.equal(numberReader(readFormat(text))(memory, 3), Number(value), text)
    }),
  )
})

test('a format that is none, or that does not fit its own size, is refused', () => {
  for (const text of ['', 'le:s16/24>>0', 'le:x16/16>>0', 'le:s16/16', 'le:s12/16>>5', 'le:s0/16>>0']) {
    assert.throws(() => readFormat(text), { code: 'IIO_BAD_FORMAT', message: /such as le:s12\/16>>4, got "/ })
  }
})

test('each channel lies at a multiple of its size, and scans at multiples of the largest', () => {
  const cases: [formats: string[], places: number[], size: number][] = [
    [['le:s16/16>>0', 'le:s16/16>>0', 'le:s16/16>>0', 'le:s64/64>>0'], [0, 2, 4, 8], 16],
    [['le:u8/8>>0', 'be:u24/32>>8', 'le:u8/8>>0'], [0, 4, 8], 12],
    [['le:s32/32X4>>0', 'le:s64/64>>0'], [0, 16], 32],
    [['le:s12/16>>4'], [0], 2],
  ]
  for (const [formats, places, size] of cases) {
    const elements = formats.map((text, index) => ({
      name: `voltage${index}`,
      index,
      format: readFormat(text),
      measure,
    }))
    const layout = scanLayout(elements)
    assert.deepEqual([layout.channels.map(({ at }) => at), layout.size], [places, size])
  }
})
