import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { TurnQueue } from '../../../src/base/turn-queue.js'

test('what comes within one turn is handed over at its end, together and in order', async () => {
  const taken: (readonly number[])[] = []
  const queue = new TurnQueue<number>((all) => taken.push(all))
  queue.push(1)
  queue.push(2)
  assert.deepEqual(taken, [])
  await nextTurn()
  queue.push(3)
  await nextTurn()
  assert.deepEqual(taken, [[1, 2], [3]])
})

test('a queue that is flushed early hands over the rest at the end of the turn, and nothing twice', async () => {
  const taken: (readonly number[])[] = []
  const queue = new TurnQueue<number>((all) => taken.push(all))
  queue.push(1)
  queue.flush()
  queue.flush()
  queue.push(2)
  await nextTurn()
  await nextTurn()
  assert.deepEqual(taken, [[1], [2]])
})

test('what is pushed while others are taken waits for the next turn', async () => {
  const taken: (readonly number[])[] = []
  const queue = new TurnQueue<number>((all) => {
    taken.push(all)
    if (all.includes(1)) queue.push(2)
  })
  queue.push(1)
  await nextTurn()
  assert.deepEqual(taken, [[1]])
  await nextTurn()
  assert.deepEqual(taken, [[1], [2]])
})
