import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Value } from '../../../src/event/event.js'
import { jsonRecords } from '../../../src/event/json-records.js'

const cases: readonly (readonly [value: Value, expected: unknown])[] = [
  [{ a: 1 }, [{ record: { a: 1 } }]],
  [{}, [{ record: {} }]],
  [[], []],
  [
    [{ a: 1 }, { b: 2 }],
    [{ record: { a: 1 } }, { record: { b: 2 } }],
  ],
  [[5.25, { a: 1 }], [{ record: { a: 1 }, time: { seconds: 5, nanoseconds: 250_000_000 } }]],
  [[[5, { m: 1 }], { a: 1 }], [{ record: { a: 1 }, time: { seconds: 5, nanoseconds: 0 } }]],
  [
    [[5, { a: 1 }], { b: 2 }, [6, {}]],
    [
      { record: { a: 1 }, time: { seconds: 5, nanoseconds: 0 } },
      { record: { b: 2 } },
      { record: {}, time: { seconds: 6, nanoseconds: 0 } },
    ],
  ],
  [[1e-7, {}], [{ record: {}, time: { seconds: 0, nanoseconds: 100 } }]],
  [[1700000000.1234567, {}], [{ record: {}, time: { seconds: 1700000000, nanoseconds: 123_456_700 } }]],
]

test('objects, pairs and lists of them are records', () => {
  assert.ok(cases.length > 0)
  for (const [value, expected] of cases) assert.deepEqual(jsonRecords(value), expected, JSON.stringify(value))
})

test('what is no record is refused whole', () => {
  for (const value of [null, 1, 'a', true, [1], [{}, 1], [1, 2], [-1, {}], [2 ** 32, {}], ['5', {}], [[]]]) {
    assert.throws(() => jsonRecords(value), { code: 'EVENT_NO_RECORD' }, JSON.stringify(value))
  }
})
