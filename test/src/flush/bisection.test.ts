import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { Bisection, type GivenUp } from '../../../src/flush/bisection.js'

interface Outcome {
  readonly delivered: readonly number[]
  readonly refused: readonly number[]
  readonly flushes: number
  readonly givenUp: readonly GivenUp[]
}

/** A destination that refuses whatever holds a bad event; `isDown` says which flushes come to nothing. */
function bisected(
  counts: readonly number[],
  isBad: (event: number) => boolean,
  isDown = (): boolean => false,
): Outcome {
  const bisection = new Bisection(counts)
  const delivered: number[] = []
  let flushes = 0
  for (let part = bisection.part; part; part = bisection.part) {
    part.attempts++
    if (isDown()) continue
    flushes++
    const events = numbers(part.first, part.count)
    if (events.some(isBad)) bisection.refused(`refused from ${part.first}`)
    else {
      bisection.delivered()
      delivered.push(...events)
    }
  }
  const { givenUp } = bisection
  return { delivered, refused: givenUp.flatMap(({ first, count }) => numbers(first, count)), flushes, givenUp }
}

function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}

const chunkCounts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 })
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
const depthOf = (count: number): number => Math.ceil(Math.log2(count))

/** Chunks, and some few of their events. */
const fewBad = chunkCounts.chain((counts) =>
  fc.tuple(fc.constant(counts), fc.uniqueArray(fc.nat(sum(counts) - 1), { maxLength: 6 })),
)

describe('bisection', () => {
  test('refuses the bad events and no others, delivers the rest once and in order, in few flushes', () => {
    fc.assert(
      fc.property(fewBad, fc.infiniteStream(fc.integer({ min: 0, max: 9 })), ([counts, bad], luck) => {
        const isDown = (): boolean => luck.next().value === 0
        const { delivered, refused, flushes } = bisected(counts, (event) => bad.includes(event), isDown)
        assert.deepEqual(
          refused,
          bad.toSorted((one, other) => one - other),
        )
        assert.deepEqual(
          delivered,
          numbers(0, sum(counts)).filter((event) => !bad.includes(event)),
        )
        const depth = counts.length === 1 ? depthOf(sum(counts)) : 2 * depthOf(sum(counts))
        assert.ok(flushes <= 1 + 2 * bad.length * depth, `${flushes} flushes for ${bad.length} of ${sum(counts)}`)
      }),
      { numRuns: 500 },
    )
  })

  test('finds one of a thousand in 12 to 20 flushes, 16 on average', () => {
    const flushes = numbers(0, 1000).map((bad) => bisected([1000], (event) => event === bad).flushes)
    assert.deepEqual([Math.min(...flushes), Math.max(...flushes)], [12, 20])
    assert.equal(Math.round(sum(flushes) / flushes.length), 16)
  })

  test('decides every event once and takes no bad one for good, however many there are', () => {
    const many = chunkCounts.chain((counts) =>
      fc.tuple(fc.constant(counts), fc.array(fc.boolean(), { minLength: sum(counts), maxLength: sum(counts) })),
    )
    fc.assert(
      fc.property(many, ([counts, isBad]) => {
        const { delivered, refused } = bisected(counts, (event) => isBad[event] === true)
        assert.ok(delivered.every((event, index) => !isBad[event] && event > (delivered[index - 1] ?? -1)))
        assert.deepEqual(
          [...delivered, ...refused].sort((one, other) => one - other),
          numbers(0, sum(counts)),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('asks a destination that refuses everything a few dozen times', () => {
    for (const counts of [[1000], numbers(1, 140), [100_000]]) {
      const { refused, flushes } = bisected(counts, () => true)
      assert.equal(refused.length, sum(counts))
      assert.ok(flushes < 20 + 2 * depthOf(sum(counts)), `${flushes} flushes`)
    }
  })

  test('pays a burst of bad events with few good ones', () => {
    const { refused, delivered } = bisected([1000], (event) => event < 40)
    assert.equal(refused.length + delivered.length, 1000)
    assert.ok(refused.length < 80, `${refused.length} were refused`)
  })

  test('cuts between chunks before it cuts one', () => {
    const bisection = new Bisection([2, 5, 3])
    bisection.refused('no')
    assert.deepEqual([bisection.part?.first, bisection.part?.count], [0, 7])
    bisection.refused('no')
    assert.deepEqual([bisection.part?.first, bisection.part?.count], [0, 2])
    bisection.delivered()
    assert.deepEqual([bisection.part?.first, bisection.part?.count], [2, 2], 'the chunk of five is cut unasked')
  })

  test('gives up all at once where the destination says that it would refuse any other', () => {
    const bisection = new Bisection([4])
    bisection.refused('bad')
    bisection.delivered()
    bisection.refused('no access', true)
    assert.equal(bisection.part, undefined)
    assert.deepEqual(
      bisection.givenUp.map(({ first, count, message }) => [first, count, message]),
      [
        [2, 1, 'no access'],
        [3, 1, 'no access'],
      ],
    )
  })

  test('goes on within runs that were refused together, and with what it had not asked for', () => {
    const bisection = new Bisection([10])
    bisection.partly(
      new Map([
        [0, 'large'],
        ...numbers(4, 4).map((index) => [index, 'bad'] as const),
        [12, 'a number that no event has'],
      ]),
      [
        { first: 4, count: 4 },
        { first: 11, count: 2 },
      ],
    )
    const asked: number[][] = []
    for (let part = bisection.part; part; part = bisection.part) {
      asked.push([part.first, part.count])
      part.attempts++
      if (part.first <= 6 && part.first + part.count > 6) bisection.refused('bad')
      else bisection.delivered()
    }
    assert.deepEqual(asked, [
      [4, 2],
      [6, 1],
      [7, 1],
    ])
    assert.deepEqual(
      bisection.givenUp.map(({ first, message }) => [first, message]),
      [
        [0, 'large'],
        [6, 'bad'],
      ],
    )
  })

  test('counts the flushes that an event was in', () => {
    const { givenUp } = bisected([8], (event) => event === 0)
    assert.deepEqual(givenUp, [{ first: 0, count: 1, reason: 'refused', message: 'refused from 0', attempts: 4 }])
  })

  test('gives up what is undecided, and keeps what was found before', () => {
    const bisection = new Bisection([4])
    bisection.refused('bad')
    bisection.refused('bad')
    bisection.delivered()
    bisection.refused('bad')
    bisection.giveUp('retry_limit', 'down')
    assert.deepEqual(
      bisection.givenUp.map(({ first, count, reason }) => [first, count, reason]),
      [
        [1, 1, 'refused'],
        [2, 2, 'retry_limit'],
      ],
    )
  })
})
