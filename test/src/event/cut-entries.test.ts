import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutEntries } from '../../../src/event/cut-entries.js'
import { readEvents } from '../../../src/event/entry-reader.js'
import { batchOf } from '../../support/batch.js'

const [events] = batchOf([0, 1, 2, 3, 4].map((n) => ({ tag: 'a', record: { n } }))).chunks

const numbers = (start: number, end: number): unknown[] => {
  assert.ok(events)
  const cut = cutEntries(events, start, end)
  assert.deepEqual([cut.tag, cut.count], ['a', end - start])
  return [...readEvents(cut)].map(({ record }) => record['n'])
}

test('events are cut out by their places', () => {
  assert.deepEqual(numbers(0, 5), [0, 1, 2, 3, 4])
  assert.deepEqual(numbers(0, 1), [0])
  assert.deepEqual(numbers(1, 4), [1, 2, 3])
  assert.deepEqual(numbers(4, 5), [4])
  assert.deepEqual(numbers(2, 2), [])
})

test('places beyond the last event are refused', () => {
  assert.throws(() => numbers(4, 6), { code: 'EVENT_CORRUPT' })
})
