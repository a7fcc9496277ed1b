import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PbfWriter } from 'pbf'
import {
  all,
  bool,
  bytes,
  double,
  doubleBut,
  each,
  fixed32,
  fixed64,
  fromJson,
  fromWire,
  hex,
  int32,
  int64,
  message,
  one,
  sfixed64,
  sint32,
  sint64,
  string,
  toJsonValue,
  toWire,
  uint32,
  uint64,
} from '../../../src/protobuf/index.js'

const point = message('Point', { x: one(1, sint32), y: one(2, double) })
const shape = message('Shape', {
  name: one(1, string),
  origin: one(2, () => point),
  corners: all(3, () => point),
  weights: all(4, double),
  counts: all(5, uint64),
  each: each(6, () => point),
  tags: all(700, string),
})

const numbers = message('Numbers', {
  bool: one(1, bool),
  int32: one(2, int32),
  sint32: one(3, sint32),
  uint32: one(4, uint32),
  int64: one(5, int64),
  sint64: one(6, sint64),
  uint64: one(7, uint64),
  fixed32: one(8, fixed32),
  fixed64: one(9, fixed64),
  sfixed64: one(10, sfixed64),
  double: one(11, double),
  bytes: one(12, bytes),
  hex: one(13, hex),
  string: one(14, string),
  list: all(15, sint64),
})

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
