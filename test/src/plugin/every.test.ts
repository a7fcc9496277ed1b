import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { every } from '../../../src/plugin/every.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'

function started(intervalMs: number, read: (at: number, clock: FakeClock) => void | Promise<void>) {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const stop = new AbortController()
  const done = every(intervalMs, context, () => read(clock.monotonic(), clock)).run(stop.signal)
  const stopped = async (): Promise<void> => {
    stop.abort()
    await clock.advance(1000)
    await done
  }
  return { clock, context, stopped }
}

describe('every', () => {
  it('reads at once and then on the grid of its interval', async () => {
    const times: number[] = []
    const { clock, stopped } = started(100, (at) => void times.push(at))
    await clock.advance(350)
    await stopped()
    assert.deepEqual(times, [0, 100, 200, 300])
    assert.equal(clock.waiting, 0)
  })

  it('does not drift when a reading takes its time', async () => {
    const times: number[] = []
    const { clock, stopped } = started(100, async (at, running) => {
      times.push(at)
      await running.sleep(30)
    })
    await clock.advance(500)
    await stopped()
    assert.deepEqual(times.slice(0, 5), [0, 100, 200, 300, 400])
  })

  it('leaves out the readings it is late for and counts them', async () => {
    const times: number[] = []
    const { clock, context, stopped } = started(100, async (at, running) => {
      times.push(at)
      if (times.length === 1) await running.sleep(350)
    })
    await clock.advance(600)
    await stopped()
    assert.deepEqual(times, [0, 400, 500, 600])
    assert.deepEqual(context.counted, { late_readings: 3 })
  })

  it('keeps to the monotonic clock when the system clock is set', async () => {
    const times: number[] = []
    const { clock, stopped } = started(100, (at) => void times.push(at))
    await clock.advance(100)
    clock.setWall(1e12)
    await clock.advance(100)
    clock.setWall(0)
    await clock.advance(100)
    await stopped()
    assert.deepEqual(times, [0, 100, 200, 300])
  })

  it('does not read while there is no room', async () => {
    const times: number[] = []
    const { clock, context, stopped } = started(100, (at) => void times.push(at))
    await clock.advance(100)
    context.hasRoom = false
    await clock.advance(500)
    const read = times.length
    context.hasRoom = true
    await settle()
    await clock.advance(100)
    await stopped()
    assert.ok(read <= 3 && times.length > read)
  })
})
