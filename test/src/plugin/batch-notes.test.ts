import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BatchNotes } from '../../../src/plugin/batch-notes.js'
import type { Batch } from '../../../src/plugin/define.js'

const batch = (id: string, count = 1): Batch => ({ id, chunks: [], count, bytes: 0, attempt: 1 })

test('a retry finds the notes of its batch, another batch does not', () => {
  const notes = new BatchNotes<number[]>(() => [])
  notes.of(batch('a')).push(1)
  assert.deepEqual(notes.of(batch('a')), [1])
  assert.deepEqual(notes.of(batch('b')), [])
  assert.deepEqual(notes.of(batch('a', 2)), [], 'the same beginning with more events is another batch')
})

test('notes on a batch that is done are forgotten', () => {
  const notes = new BatchNotes<number[]>(() => [])
  notes.of(batch('a')).push(1)
  notes.forget(batch('a'))
  assert.deepEqual(notes.of(batch('a')), [])
})

test('notes on batches that never come again do not pile up', () => {
  const notes = new BatchNotes<number[]>(() => [])
  for (let n = 0; n < 65; n++) notes.of(batch(`n${n}`)).push(n)
  assert.deepEqual(notes.of(batch('n64')), [64])
  assert.deepEqual(notes.of(batch('n1')), [1])
  assert.deepEqual(notes.of(batch('n0')), [])
})
