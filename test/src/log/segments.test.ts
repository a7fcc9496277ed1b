import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { MemoryBudget } from '../../../src/log/memory-budget.js'
import { type Segment, Segments } from '../../../src/log/segments.js'

const segmentBytes = 1000
const readers = {}

function segments() {
  const budget = new MemoryBudget(100_000)
  const all = new Segments(budget, segmentBytes)
  const add = (bytes: number, fill: number, group = readers): { segment: Segment; entries: Uint8Array } => {
    const segment = all.withRoom(bytes, group)
    return { segment, entries: segment.add(new Uint8Array(bytes).fill(fill)) }
  }
  const giveBack = (segment: Segment, group = readers): void => all.giveBack(segment, group)
  return { budget, add, giveBack }
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
    const { budget, add, giveBack } = segments()
    const [one, two, three] = [add(900, 1), add(900, 2), add(900, 3)]
    giveBack(one.segment)
    const four = add(900, 4)
    assert.equal(four.segment, one.segment)
    assert.deepEqual([two.entries[0], three.entries[0], four.entries[0]], [2, 3, 4])
    for (const { segment } of [two, three, four]) giveBack(segment)
    assert.equal(budget.used, 0)
  })

  it('are not shared by chunks of different groups', () => {
    const { budget, add, giveBack } = segments()
    const others = {}
    const [one, two] = [add(400, 1), add(400, 2, others)]
    assert.notEqual(one.segment, two.segment)
    giveBack(one.segment)
    assert.equal(budget.used, segmentBytes)
    assert.equal(add(400, 3, others).segment, two.segment)
  })

  it('give a chunk that is larger than they are memory of its own', () => {
    const { budget, add, giveBack } = segments()
    const large = add(5000, 1)
    assert.equal(budget.used, 5000)
    const small = add(10, 2)
    giveBack(large.segment)
    assert.equal(budget.used, segmentBytes)
    giveBack(small.segment)
    assert.equal(budget.used, 0)
  })
})
