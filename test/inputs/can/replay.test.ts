import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileOf, startCan } from '../../support/can-run.js'
import { FakeClock } from '../../support/fake-clock.js'
import { within } from '../../support/within.js'

const start = 1_700_000_000
/** Frames at these milliseconds of a recording; the data is their number. */
function logOf(times: readonly number[]): string {
  return times.map((ms, n) => `(${(start + ms / 1000).toFixed(6)}) can0 123#${String(n).padStart(2, '0')}\n`).join('')
}

test('a recording is replayed in its own time, or so many times as fast', async (t) => {
  for (const speed of [1, 10]) {
    const clock = new FakeClock()
    const { context } = await startCan(t, { path: fileOf(t, logOf([0, 100, 100, 250])), speed }, { clock })
    await within(20_000, context.received(1), 'the first frame')
    await clock.advance(99 / speed)
    assert.equal(context.events.length, 1)
    await clock.advance(1 / speed)
    await within(20_000, context.received(3), 'two more')
    await clock.advance(149 / speed)
    assert.equal(context.events.length, 3)
    await clock.advance(1 / speed)
    await within(20_000, context.received(4), 'the last frame')
    assert.deepEqual(context.events[3]?.time, { seconds: start, nanoseconds: 250_000_000 })
  }
})

test('a recording that loops begins again when it has ended, and may have the times of its replay', async (t) => {
  const clock = new FakeClock()
  clock.setWall(5_000_000)
  const options = { path: fileOf(t, logOf([0, 2000])), speed: 2, loop: true, times: 'now' }
  const { context, run } = await startCan(t, options, { clock })
  await within(20_000, context.received(1), 'the first frame')
  for (const count of [3, 5]) {
    await clock.advance(1000)
    await within(20_000, context.received(count), 'the second frame, and the first again')
  }
  assert.deepEqual(
    context.records.map(({ data }) => data),
    ['00', '01', '00', '01', '00'],
  )
  assert.deepEqual(
    context.events.map(({ time }) => time.seconds),
    [5000, 5001, 5001, 5002, 5002],
  )
  await run.stop()
  assert.equal(clock.waiting, 0)
})

test('a replay that fell behind catches up', async (t) => {
  const clock = new FakeClock()
  const { context } = await startCan(t, { path: fileOf(t, logOf([0, 10, 20, 30, 1000])), speed: 1 }, { clock })
  await within(20_000, context.received(1), 'the first frame')
  context.hasRoom = false
  await clock.advance(10)
  await within(20_000, context.received(2), 'the second, for which there is no more room')
  await clock.advance(500)
  assert.equal(context.events.length, 2)
  context.hasRoom = true
  await within(20_000, context.received(4), 'what was due meanwhile')
})

test('a loop of logs without a frame ends', async (t) => {
  for (const speed of [0, 1]) {
    const { context, run } = await startCan(t, { path: fileOf(t, '# nothing\n'), loop: true, speed })
    const line = await within(20_000, context.log.line('no frame in this log'), 'a warning')
    assert.equal(line.level, 'warn')
    await run.stop()
  }
})

test('frames of two buses may stand a little out of order', async (t) => {
  const clock = new FakeClock()
  const { context } = await startCan(t, { path: fileOf(t, logOf([0, 500, 499, 1000])), speed: 1 }, { clock })
  await within(20_000, context.received(1), 'the first frame')
  await clock.advance(500)
  await within(20_000, context.received(3), 'two frames')
  await clock.advance(499)
  assert.equal(context.events.length, 3)
  await clock.advance(1)
  await within(20_000, context.received(4), 'the last frame')
})
