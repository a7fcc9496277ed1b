import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Value } from '../../../src/event/event.js'
import { fieldText } from '../../../src/event/field-text.js'

const cases: readonly (readonly [value: Value, expected: string])[] = [
  ['a "b"', 'a "b"'],
  [1.5, '1.5'],
  [2n ** 63n, '9223372036854775808'],
  [Number.NaN, 'NaN'],
  [true, 'true'],
  [null, ''],
  [Uint8Array.of(0x61, 0xff), 'Yf8='],
  [[1, 'a', null, [2n ** 63n]], '[1,"a",null,[9223372036854775808]]'],
  [{ a: { 'b"': Infinity }, c: Uint8Array.of(0x61) }, '{"a":{"b\\"":null},"c":"YQ=="}'],
]

test('any value is written as the text of one field', () => {
  assert.ok(cases.length > 0)
  for (const [value, expected] of cases) assert.equal(fieldText(value), expected)
})
