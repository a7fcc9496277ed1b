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
})
