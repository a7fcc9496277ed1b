import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, test } from 'node:test'
import { systemClock } from '../../../src/base/clock.js'
import { within } from '../../support/within.js'

/** The kernel may fire a timer this much early, by the grain of its milliseconds. */
const grainMs = 1
const soonMs = 1000
const longMs = 60_000

describe('the system clock', () => {
  test('tells the time of day, with fractions, and never goes back by itself', () => {
    const before = Date.now()
    const times = Array.from({ length: 1000 }, () => systemClock.wall())
    assert.ok((times[0] ?? 0) >= before - grainMs)
    assert.ok((times.at(-1) ?? 0) <= Date.now() + grainMs)
    assert.deepEqual(
      times.toSorted((a, b) => a - b),
      times,
    )
    assert.ok(times.some((time) => !Number.isInteger(time)))
  })

  test('calls back once its time has come, and not before', async () => {
    const start = systemClock.monotonic()
    await within(soonMs, new Promise<void>((resolve) => systemClock.after(20, resolve)), 'the timer')
    assert.ok(systemClock.monotonic() - start >= 20 - grainMs)
  })

  test('does not call back once it is cancelled, and a second cancel is harmless', async () => {
    let called = false
    const cancel = systemClock.after(1, () => (called = true))
    cancel()
    cancel()
    await systemClock.sleep(20)
    assert.equal(called, false)
  })

  test('waits for times longer than a timer of Node can hold, instead of none', async () => {
    let called = false
    const cancel = systemClock.after(2 ** 40, () => (called = true))
    await systemClock.sleep(20)
    cancel()
    assert.equal(called, false)
  })

  test('ends a sleep as soon as its signal is aborted, also where that was before', async () => {
    const controller = new AbortController()
    const asleep = systemClock.sleep(longMs, controller.signal)
    controller.abort()
    await within(soonMs, asleep, 'the sleep')
    await within(soonMs, systemClock.sleep(longMs, controller.signal), 'the sleep')
  })

  test('leaves no listener on a signal that outlives the sleep', async () => {
    const { signal } = new AbortController()
    await systemClock.sleep(1, signal)
    assert.deepEqual(getEventListeners(signal, 'abort'), [])
  })
})
