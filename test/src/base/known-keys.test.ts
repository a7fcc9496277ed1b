import assert from 'node:assert/strict'
import { test } from 'node:test'

import { KnownKeys } from '../../../src/base/known-keys.js'
import { FakeClock } from '../../support/fake-clock.js'

/** Counts what is taken, each of which ends when it is told to. */
function takings() {
  const ends: ((error?: Error) => void)[] = []
  const take = (): Promise<void> =>
    new Promise((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())))
  return { ends, take }
}

test('what has a key is taken once within the window, and again after it', async () => {
  const clock = new FakeClock()
  const keys = new KnownKeys(clock)
  const { ends, take } = takings()
  const first = keys.once('a', 1000, take)
  ends[0]?.()
  assert.deepEqual([await first, await keys.once('a', 1000, take)], [false, true])
  await clock.advance(1001)
  const later = keys.once('a', 1000, take)
  ends[1]?.()
  assert.equal(await later, false)
})

test('what is under way is known for as long as it takes, and the window begins when it was taken', async () => {
  const clock = new FakeClock()
  const keys = new KnownKeys(clock)
  const { ends, take } = takings()
  const first = keys.once('a', 1000, take)
  await clock.advance(60_000)
  const repeat = keys.once('a', 1000, take)
  assert.equal(ends.length, 1)
  ends[0]?.()
  assert.deepEqual([await first, await repeat], [false, true])
  await clock.advance(999)
  assert.equal(await keys.once('a', 1000, take), true)
})

test('what could not be taken is told to those who wait for it, and its retry is the first again', async () => {
  const keys = new KnownKeys(new FakeClock())
  const { ends, take } = takings()
  const first = keys.once('a', 1000, take)
  const repeat = keys.once('a', 1000, take)
  ends[0]?.(new Error('no room'))
  await assert.rejects(first, /no room/)
  await assert.rejects(repeat, /no room/)
  const retry = keys.once('a', 1000, take)
  ends[1]?.()
  assert.equal(await retry, false)
})
