import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { TokenBucket } from '../../../src/base/token-bucket.js'

describe('a token bucket', () => {
  it("lets a second's worth through at once, and then waits for what went beyond it", () => {
    const bucket = new TokenBucket(100, 0)
    assert.equal(bucket.waitMs(0), 0)
    bucket.spend(300, 0)
    assert.equal(bucket.waitMs(0), 2010)
    assert.equal(bucket.waitMs(2010), 0)
  })

  it("saves up no more than a second's worth", () => {
    const bucket = new TokenBucket(100, 0)
    bucket.spend(150, 3_600_000)
    assert.ok(bucket.waitMs(3_600_000) > 0)
  })

  it('takes whole tokens alone where it is told to, up to its burst at once', () => {
    const bucket = new TokenBucket(0.5, 0, 3)
    assert.deepEqual(
      [0, 0, 0, 0, 1999, 2000, 2001].map((now) => bucket.take(1, now)),
      [0, 0, 0, 2000, 1, 0, 1999],
    )
    assert.deepEqual(
      [0, 0, 0, 0].map(() => bucket.take(1, 3_600_000)),
      [0, 0, 0, 2000],
    )
  })

  it('gives more or less from now on when it is told to', () => {
    const bucket = new TokenBucket(100, 0)
    bucket.limit(10, 0)
    assert.equal(bucket.take(11, 0), 100)
    assert.equal(bucket.take(10, 0), 0)
    bucket.limit(100, 1000)
    assert.deepEqual([bucket.take(11, 1000), bucket.take(110, 2000), bucket.take(100, 2000)], [10, 100, 0])
  })

  it('takes back what was spent for nothing', () => {
    const bucket = new TokenBucket(1, 0)
    assert.equal(bucket.take(1, 0), 0)
    bucket.spend(-1, 0)
    assert.equal(bucket.take(1, 0), 0)
  })
})
