import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PbfWriter } from 'pbf'
import { all, doubleBut, fromJson, fromWire, message, one, toJsonValue, toWire } from '../../../src/protobuf/index.js'
import { numbers, shape } from '../../support/wire-messages.js'

const long = (from: bigint, to: bigint): fc.Arbitrary<number | bigint> =>
  fc
    .oneof(fc.bigInt({ min: from, max: to }), fc.constantFrom(from, to, 0n, 1n, 127n, 128n, 2n ** 32n, 2n ** 53n))
    .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value))
const signed = long(-(2n ** 63n), 2n ** 63n - 1n)
const unsigned = long(0n, 2n ** 64n - 1n)
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const uint = fc.nat(2 ** 32 - 1)
const byteRuns = fc.uint8Array({ maxLength: 400 })

const anyNumbers = fc.record(
  {
    bool: fc.boolean(),
    int32: int,
    sint32: int,
    uint32: uint,
    int64: signed,
    sint64: signed,
    uint64: unsigned,
    fixed32: uint,
    fixed64: unsigned,
    sfixed64: signed,
    double: fc.double(),
    bytes: byteRuns,
    hex: byteRuns.map((value) => Buffer.from(value).toString('hex')),
    string: fc.string({ unit: 'grapheme', maxLength: 400 }),
    list: fc.array(signed),
  },
  { noNullPrototype: true, requiredKeys: ['list'] },
)

test('what another implementation writes is written byte by byte', () => {
  const writer = new PbfWriter()
  writer.writeStringField(1, 'überall')
  writer.writeMessage(2, writePoint, [-3, 0.5])
  writer.writeMessage(3, writePoint, [1, 1])
  writer.writeMessage(3, writePoint, [2, Number.NaN])
  writer.writePackedDouble(4, [1.5, -Infinity])
  writer.writePackedVarint(5, [1, 300, 2 ** 40])
  writer.writeMessage(6, writePoint, [5, 5])
  writer.writeStringField(700, '')
  writer.writeStringField(700, 'x'.repeat(300))
  const written = toWire(shape, {
    name: 'überall',
    origin: { x: -3, y: 0.5 },
    corners: new Set([
      { x: 1, y: 1 },
      { x: 2, y: Number.NaN },
    ]),
    weights: [1.5, -Infinity],
    counts: [1, 300, 2 ** 40],
    each: [{ x: 5, y: 5 }],
    tags: ['', 'x'.repeat(300)],
  })
  assert.equal(Buffer.from(written).toString('hex'), Buffer.from(writer.finish()).toString('hex'))
})

test('values of every type read back, in both encodings, to the last of 64 bits', () => {
  fc.assert(
    fc.property(anyNumbers, (value) => {
      assert.deepEqual(fromWire(numbers, toWire(numbers, value)), value)
      assert.deepEqual(fromJson(numbers, toJsonValue(numbers, value)), value)
    }),
  )
})

test('a message of more than 127 bytes lies in others of more than 16,383', () => {
  const inner = Array.from({ length: 40 }, (_, index) => ({ x: index - 20, y: index }))
  const outer = message('Outer', { shapes: all(1, () => shape) })
  const { shapes } = fromWire(outer, toWire(outer, { shapes: Array.from({ length: 50 }, () => ({ corners: inner })) }))
  assert.equal(shapes.length, 50)
  for (const { corners } of shapes) assert.deepEqual(corners, inner)
})

test('zeros and empty texts are written, what is undefined is not', () => {
  assert.deepEqual([...toWire(numbers, { int32: 0, string: '', bytes: undefined, list: [] })], [0x10, 0, 0x72, 0])
  assert.deepEqual(toJsonValue(numbers, { int64: 0, string: '', bytes: undefined }), { int64: '0', string: '' })
})

test('a not-a-number that stands for something is written as it was read', () => {
  const marked = message('Marked', { value: one(1, doubleBut(0x7ff0_0000_0000_0002n)) })
  for (const value of [null, Number.NaN, 1.5]) {
    assert.deepEqual(fromWire(marked, toWire(marked, { value })), { value })
  }
})

test('text that has half of a surrogate pair in it has U+FFFD there', () => {
  assert.equal(fromWire(numbers, toWire(numbers, { string: 'a\ud800b' })).string, 'a\ufffdb')
})

test('not-a-number and the infinities are words in JSON', () => {
  assert.deepEqual(toJsonValue(shape, { weights: [Number.NaN, -Infinity] }), { weights: ['NaN', '-Infinity'] })
})

function writePoint([x, y]: readonly [number, number], writer: PbfWriter): void {
  writer.writeSVarintField(1, x)
  writer.writeDoubleField(2, y)
}
