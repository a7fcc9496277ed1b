import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EdgeRate } from '../../../inputs/gpio/edge-rate.js'

/** Takes edges at these milliseconds, numbered on from `first`. */
function take(rate: EdgeRate, first: number, ...times: readonly number[]): void {
  for (const [index, ms] of times.entries()) {
    rate.take(first + index, 1_700_000_000 + Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6))
  }
}

test('a frequency is exact also where an interval has only a few edges', () => {
  const rate = new EdgeRate()
  take(rate, 1, 100, 500, 900)
  assert.deepEqual(rate.since(1000), { edges: 3, perSecond: 2.5 })
  take(rate, 4, 1300, 1700)
  assert.deepEqual(rate.since(1000), { edges: 2, perSecond: 2.5 })
})

test('a line that stood still has no frequency, and the time of its rest does not count when it moves again', () => {
  const rate = new EdgeRate()
  take(rate, 1, 0, 500)
  assert.equal(rate.since(1000).perSecond, 2)
  assert.deepEqual(rate.since(1000), { edges: 0, perSecond: 0 })
  take(rate, 3, 60_000, 60_020, 60_040)
  assert.equal(Math.round(rate.since(1000).perSecond), 50)
})

test('a single edge is one in its interval', () => {
  const rate = new EdgeRate()
  take(rate, 1, 700)
  assert.deepEqual(rate.since(2000), { edges: 1, perSecond: 0.5 })
})

test('where the clock is set between two edges, forwards or back, the interval is what counts', () => {
  for (const after of [-3_600_000, 3_600_000]) {
    const rate = new EdgeRate()
    take(rate, 1, 100, 200)
    rate.since(1000)
    take(rate, 3, 1_000_000_000 + after, 1_000_000_100 + after)
    assert.deepEqual(rate.since(1000), { edges: 2, perSecond: 2 })
  }
})

test('edges that the kernel had no room for count, also where its numbers begin anew', () => {
  const rate = new EdgeRate()
  take(rate, 2 ** 32 - 1, 0)
  const before = rate.total
  take(rate, 9, 100)
  assert.equal(rate.total - before, 10)
})

test('however the edges of a steady signal fall into intervals, none is lost and its frequency is its own', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 400 }), fc.integer({ min: 1, max: 3000 }), (periodMs, intervalMs) => {
      const rate = new EdgeRate()
      let edges = 0
      for (let from = 0, sequence = 1; from < 20_000; from += intervalMs) {
        while (sequence * periodMs < from + intervalMs) take(rate, sequence, sequence++ * periodMs)
        const found = rate.since(intervalMs)
        edges += found.edges
        if (found.edges > 1) assert.ok(Math.abs(found.perSecond * periodMs - 1000) < 1e-3)
        assert.equal(edges, sequence - 1)
      }
    }),
  )
})
