import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateKeyOf, dateText } from '../../../src/event/date-text.js'
import type { JsonDateFormat } from '../../../src/event/json-date.js'

const cases: readonly (readonly [format: JsonDateFormat, nanoseconds: number, expected: string])[] = [
  ['double', 123456789, '1700000000.123456789'],
  ['double', 500000000, '1700000000.5'],
  ['double', 0, '1700000000.0'],
  ['double', 1, '1700000000.000000001'],
  ['iso8601', 123456789, '2023-11-14T22:13:20.123456Z'],
  ['java_sql_timestamp', 5, '2023-11-14 22:13:20.000000'],
  ['epoch', 999999999, '1700000000'],
  ['epoch_ms', 999999999, '1700000000999'],
]

test('a time is written in each format with all its digits', () => {
  assert.ok(cases.length > 0)
  for (const [format, nanoseconds, expected] of cases) {
    assert.equal(dateText({ seconds: 1700000000, nanoseconds }, format), expected)
  }
})

test('false, off and no stand for no date field', () => {
  assert.deepEqual(['date', 'false', 'Off', 'no', ''].map(dateKeyOf), [
    'date',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
