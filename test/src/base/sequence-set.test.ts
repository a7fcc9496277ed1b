import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { SequenceSet } from '../../../src/base/sequence-set.js'

const numbers = fc.nat(40)
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), number: numbers }) },
    fc.record({ do: fc.constant('deleteBelow' as const), number: numbers }),
    fc.record({ do: fc.constant('copy' as const), number: numbers }),
  ),
  { maxLength: 80 },
)

describe('a set of sequences', () => {
  it('holds what a Set holds, in as few ranges as that takes', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        let set = new SequenceSet()
        const expected = new Set<number>()
        for (const step of taken) {
          if (step.do === 'add') expected.add(step.number)
          if (step.do === 'deleteBelow') for (let each = 0; each < step.number; each++) expected.delete(each)
          if (step.do === 'copy') set = new SequenceSet(JSON.parse(JSON.stringify(set)) as [number, number][])
          else set[step.do](step.number)
        }
        for (let number = -1; number < 45; number++) assert.equal(set.has(number), expected.has(number), String(number))
        assert.equal(set.size, expected.size)
        assert.equal(set.isEmpty, expected.size === 0)
        const begins = [...expected].filter((each) => !expected.has(each - 1)).length
        assert.equal(set.toJSON().length, begins)
      }),
      { numRuns: 500 },
    )
  })
})
