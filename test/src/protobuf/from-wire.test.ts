import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PbfWriter } from 'pbf'
import { AgentError } from '../../../src/base/agent-error.js'
import { all, doubleBut, fromWire, message, type MessageType, one } from '../../../src/protobuf/index.js'
import { numbers, point, shape } from '../../support/wire-messages.js'

interface Nest {
  readonly in: Nest | undefined
}
const nest: MessageType<Nest> = message('Nest', { in: one(1, () => nest) })

test('what another implementation wrote is read', () => {
  const writer = new PbfWriter()
  writer.writeStringField(1, 'überall')
  writer.writeMessage(2, writePoint, [-3, 0.5])
  writer.writeMessage(3, writePoint, [1, 1])
  writer.writeMessage(6, writePoint, [5, 5])
  writer.writeMessage(3, writePoint, [2, Number.NaN])
  writer.writePackedDouble(4, [1.5, -Infinity])
  writer.writeDoubleField(4, 3)
  writer.writePackedVarint(5, [1, 300])
  writer.writeVarintField(5, 2 ** 40)
  writer.writeMessage(6, writePoint, [6, 6])
  writer.writeStringField(700, '')
  const { each: lazy, ...read } = fromWire(shape, writer.finish())
  assert.deepEqual(read, {
    name: 'überall',
    origin: { x: -3, y: 0.5 },
    corners: [
      { x: 1, y: 1 },
      { x: 2, y: Number.NaN },
    ],
    weights: [1.5, -Infinity, 3],
    counts: [1, 300, 2 ** 40],
    tags: [''],
  })
  const points = [
    { x: 5, y: 5 },
    { x: 6, y: 6 },
  ]
  assert.deepEqual([...lazy], points)
  assert.deepEqual([...lazy], points, 'again')
})

test('numbers of every type are exact, to the last of 64 bits', () => {
  const ten = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
  const cases: readonly (readonly [number[], object])[] = [
    [[0x08, 0x01], { bool: true }],
    [[0x10, ...ten], { int32: -1 }],
    [[0x18, 0x03], { sint32: -2 }],
    [[0x20, 0xff, 0xff, 0xff, 0xff, 0x0f], { uint32: 4_294_967_295 }],
    [[0x28, ...ten], { int64: -1 }],
    [[0x28, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], { int64: -(2n ** 63n) }],
    [[0x28, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], { int64: 2n ** 53n }],
    [[0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], { int64: 2 ** 53 - 1 }],
    [[0x30, 0x03], { sint64: -2 }],
    [[0x30, 0x80, 0x80, 0x80, 0x80, 0x20], { sint64: 2 ** 32 }],
    [[0x30, ...ten], { sint64: -(2n ** 63n) }],
    [[0x38, ...ten], { uint64: 2n ** 64n - 1n }],
    [[0x45, 0xff, 0xff, 0xff, 0xff], { fixed32: 4_294_967_295 }],
    [[0x49, 0x15, 0xcd, 0x3f, 0xa8, 0xca, 0xa1, 0x97, 0x18], { fixed64: 0x1897_a1ca_a83f_cd15n }],
    [[0x51, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], { sfixed64: -2 }],
    [[0x59, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f], { double: 1 }],
    [[0x62, 0x02, 0x00, 0xff], { bytes: Uint8Array.of(0, 255) }],
    [[0x6a, 0x02, 0x0a, 0xff], { hex: '0aff' }],
  ]
  for (const [wire, read] of cases) assert.deepEqual(fromWire(numbers, Uint8Array.from(wire)), { list: [], ...read })
})

test('a not-a-number that stands for something is told apart from the others', () => {
  const marked = message('Marked', { values: all(1, doubleBut(0x7ff0_0000_0000_0002n)) })
  const doubles = [0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f, 0x01, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]
  assert.deepEqual(fromWire(marked, Uint8Array.from([0x0a, doubles.length, ...doubles])).values, [null, Number.NaN, 1])
})

test('fields that nobody knows are stepped over, and of one that comes again the last counts', () => {
  const unknown = [
    0x98, 0x06, 0x80, 0x01, 0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0x9a, 0x06, 0x01, 0x41, 0x9d, 0x06, 1, 2, 3, 4,
  ]
  assert.deepEqual(fromWire(point, Uint8Array.from([...unknown, 0x08, 0x02, 0x08, 0x04, ...unknown])), { x: 2 })
})

test('bytes that are cut short, or that are none of a message, are refused', () => {
  const malformed: readonly (readonly [string, number[]])[] = [
    ['a number', [0x28, 0x80]],
    ['a double', [0x21, 1, 2, 3]],
    ['a text', [0x0a, 0x7f, 0x61]],
    ['a text with a length of 64 bits', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['a varint of eleven bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
    ['a message longer than the one around it', [0x12, 0x02, 0x08, 0x80, 0x01]],
    ['an unknown field', [0x9a, 0x06, 0x7f]],
    ['a group', [0x9b, 0x06]],
    ['a field with the number 0', [0x02, 0x00]],
    ['a field with a number of 64 bits', [0x8a, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00]],
  ]
  for (const [name, wire] of malformed) {
    assert.throws(() => fromWire(shape, Uint8Array.from(wire)), isMalformed, name)
  }
})

test('a known field of another type is refused, by its name', () => {
  assert.throws(() => fromWire(shape, Uint8Array.of(0x08, 0x02)), {
    code: 'PROTOBUF_MISMATCH',
    message: 'protobuf: Shape.name: expected text, got wire type 0',
  })
  assert.throws(() => fromWire(shape, Uint8Array.of(0x30, 0x02)), {
    message: 'protobuf: Shape.each: expected a message, got wire type 0',
  })
})

test('messages may lie in one another a hundred deep', () => {
  const deep = (depth: number): Uint8Array => {
    let inner = new Uint8Array()
    for (let level = 1; level < depth; level++) {
      const length = inner.length < 128 ? [inner.length] : [(inner.length & 0x7f) | 0x80, inner.length >> 7]
      inner = Uint8Array.from([0x0a, ...length, ...inner])
    }
    return inner
  }
  assert.ok(fromWire(nest, deep(100)).in)
  assert.throws(() => fromWire(nest, deep(101)), { code: 'PROTOBUF_TOO_DEEP' })
})

test('a message may hold 65,536 others, and any number that are read one by one', () => {
  const empty = (field: number, count: number): Uint8Array =>
    Buffer.alloc(2 * count, Uint8Array.of((field << 3) | 2, 0))
  assert.equal(fromWire(shape, empty(3, 65_536)).corners.length, 65_536)
  assert.throws(() => fromWire(shape, empty(3, 65_537)), { code: 'PROTOBUF_TOO_MANY' })
  let read = 0
  for (const empties of fromWire(shape, empty(6, 70_000)).each) read += Object.keys(empties).length === 0 ? 1 : 0
  assert.equal(read, 70_000)
})

test('whatever the bytes, a message is read or refused with an error that has a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (wire) => {
      for (const type of [shape, numbers, nest, point]) {
        try {
          assert.equal(typeof fromWire<unknown>(type, wire), 'object')
        } catch (error) {
          assert.ok(error instanceof AgentError, String(error))
        }
      }
    }),
    { numRuns: 2000 },
  )
})

function writePoint([x, y]: readonly [number, number], writer: PbfWriter): void {
  writer.writeSVarintField(1, x)
  writer.writeDoubleField(2, y)
}

function isMalformed(error: unknown): boolean {
  assert.ok(error instanceof AgentError)
  assert.equal(error.code, 'PROTOBUF_MALFORMED')
  assert.match(error.message, /^protobuf: expected .+ at byte \d+, got .+$/)
  return true
}
