import assert from 'node:assert/strict'
import { test } from 'node:test'

import { RecentMap } from '../../../src/base/recent-map.js'

test('what was longest not asked for makes way for what is new', () => {
  const map = new RecentMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  assert.equal(map.get('a'), 1)
  map.set('c', 3)
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c'), map.size], [1, undefined, 3, 2])
})

test('a key that is set again or deleted takes no second place', () => {
  const map = new RecentMap<string, number>(2)
  map.set('a', 1)
  map.set('a', 2)
  map.set('b', 3)
  assert.deepEqual([map.get('a'), map.get('b')], [2, 3])
  map.delete('a')
  assert.deepEqual([map.get('a'), map.size], [undefined, 1])
})
