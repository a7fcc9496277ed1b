import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Balance, type Candidate, chooser } from '../../../src/net/balance.js'

const [a, b, c] = ['a', 'b', 'c'].map((where, at) => ({ where, weight: [5, 1, 1][at] ?? 1, active: 0 })) as [
  Candidate,
  Candidate,
  Candidate,
]

test('each in turn, by weight, and those of much weight not all at once', () => {
  assert.equal(turns('round_robin', 14), 'aabacaaaabacaa')
  assert.equal(turns('failover', 3), 'aaa')
})

test('who has least to do for its weight is next', () => {
  const choose = chooser('least_connections')
  for (const [busy, idle] of [
    [[4, 0, 0], 'a'],
    [[5, 0, 0], 'b'],
    [[20, 2, 1], 'c'],
  ] as const) {
    const loaded = [a, b, c].map((each, at) => ({ ...each, active: busy[at] ?? 0 }))
    assert.equal(choose(loaded, '').where, idle)
  }
})

test('a key stays with its server, and only those of one that goes move', () => {
  const choose = chooser('source_hash')
  const keys = Array.from({ length: 700 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
  const before = keys.map((key) => choose([a, b, c], key).where)
  const without = keys.map((key) => choose([a, c], key).where)
  assert.deepEqual(
    keys.map((key) => choose([c, b, a], key).where),
    before,
  )
  for (const [at, where] of before.entries()) if (where !== 'b') assert.equal(without[at], where)
  const share = before.filter((where) => where === 'a').length
  assert.ok(share > 450 && share < 550, `a has five sevenths of the weight and ${share} of 700 keys`)
})

function turns(balance: Balance, count: number): string {
  const choose = chooser(balance)
  return Array.from({ length: count }, () => choose([a, b, c], '').where).join('')
}
