import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Value } from '../../../src/event/event.js'
import {
  all,
  bool,
  bytes,
  double,
  each,
  fixed64,
  fromJson,
  hex,
  int32,
  int64,
  message,
  one,
  string,
} from '../../../src/protobuf/index.js'

const point = message('Point', { xPosition: one(1, int32), yPosition: one(2, double) })
const shape = message('Shape', {
  name: one(1, string),
  origin: one(2, () => point),
  corners: all(3, () => point),
  each: each(4, () => point),
  on: one(5, bool),
  long: one(6, int64),
  time: one(7, fixed64),
  raw: one(8, bytes),
  id: one(9, hex),
})
const none = { corners: [] }

test('an object is read as the same message in bytes would be', () => {
  const { each: lazy, ...read } = fromJson(shape, {
    name: 'n',
    origin: { xPosition: 1, yPosition: 2.5, unknown: [] },
    corners: [{}, { yPosition: 'NaN' }],
    each: [{ xPosition: 7 }],
    on: true,
  })
  assert.deepEqual(read, {
    name: 'n',
    origin: { xPosition: 1, yPosition: 2.5 },
    corners: [{}, { yPosition: Number.NaN }],
    on: true,
  })
  assert.deepEqual([...lazy], [{ xPosition: 7 }])
})

test('null is as if it were not there, and so is every name in snake_case', () => {
  const { each: lazy, ...read } = fromJson(shape, { name: null, corners: null, each: null, origin: { x_position: 1 } })
  assert.deepEqual(read, { ...none, origin: {} })
  assert.deepEqual([...lazy], [])
})

test('values have the forms that JSON of Protocol Buffers gives them', () => {
  const forms: readonly (readonly [string, Value, unknown])[] = [
    ['long', 7, 7],
    ['long', '-7', -7],
    ['long', '9223372036854775807', 2n ** 63n - 1n],
    ['long', -(2n ** 63n), -(2n ** 63n)],
    ['time', '1764121384123456789', 1_764_121_384_123_456_789n],
    ['time', 18_446_744_073_709_551_615n, 2n ** 64n - 1n],
    ['raw', 'AP8=', Uint8Array.of(0, 255)],
    ['raw', '-_8', Uint8Array.of(251, 255)],
    ['raw', '', new Uint8Array()],
    ['id', '0aFF', '0aff'],
    ['id', '', ''],
  ]
  for (const [name, given, read] of forms) {
    assert.deepEqual({ ...fromJson(shape, { [name]: given }), each: [] }, { ...none, each: [], [name]: read })
  }
  const numbers: readonly (readonly [Value, number])[] = [
    [1, 1],
    ['1.5e3', 1500],
    ['-Infinity', -Infinity],
    [2n ** 60n, 2 ** 60],
  ]
  for (const [given, read] of numbers) assert.deepEqual(fromJson(point, { yPosition: given }), { yPosition: read })
})

test('what is not of its type is refused, by its name', () => {
  const refused: readonly (readonly [Value, string])[] = [
    [[], 'Shape: expected an object, got a list'],
    [{ name: 1 }, 'Shape.name: expected text, got 1'],
    [{ origin: 'x' }, 'Shape.origin: expected an object, got "x"'],
    [{ corners: {} }, 'Shape.corners: expected a list, got an object'],
    [{ corners: [null] }, 'Shape.corners: expected an object, got null'],
    [{ on: 'true' }, 'Shape.on: expected a boolean, got "true"'],
    [{ long: '1.5' }, 'Shape.long: expected an integer of 64 bits, got "1.5"'],
    [{ long: 1.5 }, 'Shape.long: expected an integer of 64 bits, got 1.5'],
    [{ long: '9223372036854775808' }, 'Shape.long: expected an integer of 64 bits, got "9223372036854775808"'],
    [{ time: -1 }, 'Shape.time: expected an integer of 64 bits, got -1'],
    [{ raw: '*' }, 'Shape.raw: expected bytes in base64, got "*"'],
    [{ id: 'abc' }, 'Shape.id: expected bytes in hexadecimal, got "abc"'],
    [{ origin: { xPosition: 2 ** 31 } }, 'Point.xPosition: expected an integer of 32 bits, got 2147483648'],
    [{ origin: { yPosition: 'much' } }, 'Point.yPosition: expected a number, got "much"'],
  ]
  for (const [value, error] of refused) {
    assert.throws(() => fromJson(shape, value), { code: 'PROTOBUF_JSON', message: error })
  }
})

test('what is below a field of each is refused when it is asked for', () => {
  const { each: lazy } = fromJson(shape, { each: [{ xPosition: 1 }, { xPosition: 'x' }] })
  const points = lazy[Symbol.iterator]()
  assert.deepEqual(points.next().value, { xPosition: 1 })
  assert.throws(() => points.next(), { message: 'Point.xPosition: expected an integer of 32 bits, got "x"' })
})
