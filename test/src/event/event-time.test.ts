import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromNanoseconds } from '../../../src/event/event-time.js'

test('a moment in nanoseconds is exact, from 1970 to 2106', () => {
  assert.deepEqual(fromNanoseconds(0n), { seconds: 0, nanoseconds: 0 })
  assert.deepEqual(fromNanoseconds(1_700_000_000_123_456_789n), { seconds: 1_700_000_000, nanoseconds: 123_456_789 })
  assert.deepEqual(fromNanoseconds(4_294_967_295_999_999_999n), { seconds: 4_294_967_295, nanoseconds: 999_999_999 })
})

test('an event has no time before 1970 and after 2106', () => {
  assert.equal(fromNanoseconds(-1n), undefined)
  assert.equal(fromNanoseconds(4_294_967_296_000_000_000n), undefined)
})
