import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { MemoryBudget } from '../../../src/log/memory-budget.js'
import { type Segment, Segments } from '../../../src/log/segments.js'

const segmentBytes = 1000

function segments() {
  const budget = new MemoryBudget(100_000)
  const all = new Segments(budget, segmentBytes)
  const add = (bytes: number, fill: number): { segment: Segment; entries: Uint8Array } => {
    const segment = all.withRoom(bytes)
    return { segment, entries: segment.add(new Uint8Array(bytes).fill(fill)) }
  }
  return { budget, all, add }
}

describe('segments', () => {
  it('hold chunks one behind the other and cost their whole size', () => {
    const { budget, add } = segments()
    const [one, two] = [add(400, 1), add(400, 2)]
    assert.equal(one.segment, two.segment)
    assert.equal(two.entries.byteOffset - one.entries.byteOffset, 400)
    assert.equal(budget.used, segmentBytes)
    assert.notEqual(add(400, 3).segment, one.segment, 'what does not fit goes into the next')
    assert.equal(budget.used, 2 * segmentBytes)
  })

  it('are used again once all of their chunks are given back, and not before', () => {
    const { budget, all, add } = segments()
    const [one, two, three] = [add(900, 1), add(900, 2), add(900, 3)]
    all.giveBack(one.segment)
    const four = add(900, 4)
    assert.equal(four.segment, one.segment)
    assert.deepEqual([two.entries[0], three.entries[0], four.entries[0]], [2, 3, 4])
    for (const { segment } of [two, three, four]) all.giveBack(segment)
    assert.equal(budget.used, 0)
  })

  it('give a chunk that is larger than they are memory of its own', () => {
    const { budget, all, add } = segments()
    const large = add(5000, 1)
    assert.equal(budget.used, 5000)
    const small = add(10, 2)
    all.giveBack(large.segment)
    assert.equal(budget.used, segmentBytes)
    all.giveBack(small.segment)
    assert.equal(budget.used, 0)
  })
})
