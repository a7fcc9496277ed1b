import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'

import { DailyBudget } from '../../../src/base/daily-budget.js'

const hour = 3_600_000

describe('a daily budget', () => {
  it('lets through at once what it has, and waits for the hour that gives it back', () => {
    const budget = new DailyBudget(100, 0.5 * hour)
    assert.equal(budget.waitMs(0.5 * hour), 0)
    budget.spend(60, 0.5 * hour)
    budget.spend(60, 3 * hour)
    assert.equal(budget.waitMs(3 * hour), 21 * hour)
    assert.equal(budget.waitMs(24 * hour), 0)
  })

  it('never lets more through in any 24 hours than its limit and the last of what went', () => {
    const steps = fc.array(fc.record({ passMs: fc.nat(20 * hour), amount: fc.integer({ min: 1, max: 50 }) }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(steps, (taken) => {
        let now = 0
        const budget = new DailyBudget(200, now)
        const spent: { at: number; amount: number }[] = []
        for (const { passMs, amount } of taken) {
          now += passMs
          if (budget.waitMs(now) > 0) continue
          budget.spend(amount, now)
          spent.push({ at: now, amount })
          const lastDay = spent.filter(({ at }) => at > now - 23 * hour)
          assert.ok(lastDay.reduce((sum, each) => sum + each.amount, 0) < 200 + amount)
        }
      }),
    )
  })

  it('always says a time at which something may go', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30 * hour), { minLength: 1, maxLength: 40 }), (passed) => {
        let now = 0
        const budget = new DailyBudget(10, now)
        for (const passMs of passed) {
          now += passMs
          now += budget.waitMs(now)
          assert.equal(budget.waitMs(now), 0)
          budget.spend(7, now)
        }
      }),
    )
  })
})
