import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Deque } from '../../../src/base/deque.js'

describe('a deque', () => {
  test('gives back what an array would, whatever is pushed and shifted', () => {
    const steps = fc.array(fc.option(fc.nat(), { nil: undefined }), { maxLength: 200 })
    fc.assert(
      fc.property(steps, (numbers) => {
        const deque = new Deque<number>()
        const model: number[] = []
        for (const number of numbers) {
          if (number === undefined) assert.equal(deque.shift(), model.shift())
          else {
            deque.push(number)
            model.push(number)
          }
          assert.equal(deque.size, model.length)
          assert.deepEqual(
            model.map((_each, index) => deque.at(index)),
            model,
          )
        }
      }),
    )
  })

  test('keeps its order when it grows while it is wrapped around', () => {
    const deque = new Deque<number>()
    for (let number = 0; number < 12; number++) deque.push(number)
    for (let number = 0; number < 10; number++) assert.equal(deque.shift(), number)
    for (let number = 12; number < 40; number++) deque.push(number)
    assert.deepEqual(
      Array.from({ length: deque.size }, () => deque.shift()),
      Array.from({ length: 30 }, (_none, at) => at + 10),
    )
  })

  test('has nothing before its first element and behind its last', () => {
    const deque = new Deque<string>()
    assert.equal(deque.shift(), undefined)
    deque.push('only')
    assert.equal(deque.at(-1), undefined)
    assert.equal(deque.at(1), undefined)
  })
})
