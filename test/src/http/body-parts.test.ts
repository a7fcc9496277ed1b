import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import fc from 'fast-check'

import { BodyParts } from '../../../src/http/body-parts.js'

test('a body is what its parts were, however long each of them is', () => {
  const part = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 2000 }))
  const repeated = fc.tuple(part, fc.integer({ min: 1, max: 300 })).map(([bytes, count]) => Array(count).fill(bytes))
  const any = fc.array(repeated, { maxLength: 8 }).map((runs) => runs.flat() as Uint8Array[])
  fc.assert(
    fc.property(any, (given) => {
      const parts = new BodyParts()
      for (const bytes of given) parts.add(Buffer.from(bytes))
      const whole = Buffer.concat(given)
      assert.equal(parts.bytes, whole.length)
      assert.ok(parts.whole().equals(whole))
    }),
    { numRuns: 50 },
  )
})

test('a body that comes byte by byte takes little more memory than its bytes', () => {
  const count = 200_000
  const parts = new BodyParts()
  const before = heldBytes()
  for (let n = 0; n < count; n++) parts.add(Buffer.from(Uint8Array.of(n & 0xff).buffer))
  const held = heldBytes() - before
  assert.ok(held < 4 * count, `${count} bytes take ${held}`)
  assert.equal(parts.whole().length, count)
})

/** What this process holds once nothing is left of what it needs no more. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
