import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Balance, type Candidate, chooser } from '../../../stages/proxy/balance.js'
import { parseUpstream } from '../../../stages/proxy/upstream-address.js'

const [a, b, c] = ['a', 'b', 'c'].map((origin, at) => candidate(origin, [5, 1, 1][at] ?? 1)) as [Named, Named, Named]

test('each in turn, by weight, and those of much weight not all at once', () => {
  assert.equal(turns('round_robin', 14), 'aabacaaaabacaa')
  assert.equal(turns('first_alive', 3), 'aaa')
})

test('who has least to do for its weight is next', () => {
  const choose = chooser<Named>('least_connections')
  for (const [busy, idle] of [
    [[4, 0, 0], 'a'],
    [[5, 0, 0], 'b'],
    [[20, 2, 1], 'c'],
  ] as const) {
    const loaded = [a, b, c].map((each, at) => ({ ...each, active: busy[at] ?? 0 }))
    assert.equal(choose(loaded, '').address.origin, idle)
  }
})

test('a client stays with its upstream, and only those of one that goes move', () => {
  const choose = chooser<Named>('source_hash')
  const clients = Array.from({ length: 700 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
  const before = clients.map((client) => choose([a, b, c], client).address.origin)
  const without = clients.map((client) => choose([a, c], client).address.origin)
  assert.deepEqual(
    clients.map((client) => choose([c, b, a], client).address.origin),
    before,
  )
  for (const [at, origin] of before.entries()) if (origin !== 'b') assert.equal(without[at], origin)
  const share = before.filter((origin) => origin === 'a').length
  assert.ok(share > 450 && share < 550, `a has five sevenths of the weight and ${share} of 700 clients`)
})

test('an address of an upstream is read as it is meant, or refused', () => {
  const rows = [
    ['http://plc', 'http://plc:80', 'plc', 1],
    ['https://[::1]:8443/', 'https://[::1]:8443', '[::1]:8443', 1],
    ['http://10.0.0.1:81 weight=20', 'http://10.0.0.1:81', '10.0.0.1:81', 20],
    ['unix:/run/a b.sock', undefined],
    ['unix:/run/a.sock weight=2', 'unix:/run/a.sock', 'localhost', 2],
    ['http://plc/path', undefined],
    ['http://user:pw@plc', undefined],
    ['http://plc:70000', undefined],
    ['plc:80', undefined],
    ['http://plc weight=0', undefined],
  ] as const
  for (const [text, origin, host, weight] of rows) {
    if (origin === undefined) assert.throws(() => parseUpstream(text), { code: 'PROXY_UPSTREAM' }, text)
    else {
      const parsed = parseUpstream(text)
      assert.deepEqual([parsed.origin, parsed.host, parsed.weight], [origin, host, weight])
    }
  }
})

type Named = Candidate & { readonly address: { readonly origin: string } }

function candidate(origin: string, weight: number): Named {
  return { address: { origin, weight }, active: 0 }
}

function turns(balance: Balance, count: number): string {
  const choose = chooser<Named>(balance)
  return Array.from({ length: count }, () => choose([a, b, c], '').address.origin).join('')
}
