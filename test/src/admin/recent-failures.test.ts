import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { RecentFailures } from '../../../src/admin/recent-failures.js'

describe('recent failures', () => {
  it('are those of the last period, whatever came before', () => {
    const recent = new RecentFailures(60_000)
    const errorsAt = (seconds: number, errors: number): number =>
      recent.note({ errors, retryFailures: 0 }, seconds * 1000).errors
    assert.equal(errorsAt(0, 7), 0, 'what was there at the start is older')
    for (let second = 1; second <= 30; second++) assert.equal(errorsAt(second, 7 + second), second)
    assert.equal(errorsAt(60, 37), 30)
    assert.equal(errorsAt(75, 37), 15, 'half of them are a minute old')
    assert.equal(errorsAt(91, 37), 0)
  })

  it('are found however seldom somebody asks', () => {
    const recent = new RecentFailures(60_000)
    recent.note({ errors: 0, retryFailures: 0 }, 0)
    assert.deepEqual(recent.note({ errors: 4, retryFailures: 2 }, 3_600_000), { errors: 4, retryFailures: 2 })
    assert.deepEqual(recent.note({ errors: 4, retryFailures: 2 }, 7_200_000), { errors: 0, retryFailures: 0 })
  })
})
