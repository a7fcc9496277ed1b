import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import dummy from '../../inputs/dummy/index.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'

function running(raw: { readonly [option: string]: unknown }) {
  const clock = new FakeClock()
  clock.setWall(1_700_000_000_000)
  const context = new RecordingInputContext(clock)
  const stop = new AbortController()
  const done = dummy.create(optionsOf(dummy, raw), context).run(stop.signal)
  const stopped = async (): Promise<void> => {
    stop.abort()
    await done
    assert.equal(clock.waiting, 0)
  }
  return { clock, context, done, stopped }
}

describe('dummy input', () => {
  it('makes one event a second, the first at once', async () => {
    const { clock, context, stopped } = running({})
    await clock.advance(3000)
    await stopped()
    assert.deepEqual(
      context.records,
      Array.from({ length: 4 }, () => ({ message: 'dummy' })),
    )
    assert.deepEqual(
      context.events.map(({ time }) => time.seconds - 1_700_000_000),
      [0, 1, 2, 3],
    )
  })

  for (const rate of [3, 100, 1000, 250_000]) {
    it(`keeps to ${rate} events a second over time`, async () => {
      const { clock, context, stopped } = running({ rate, dummy: '{"n":1}' })
      await clock.advance(2000)
      await stopped()
      assert.ok(Math.abs(context.events.length - 2 * rate) <= 1, `${context.events.length} events in two seconds`)
    })
  }

  it('is done after its samples, each with its copies', async () => {
    const { clock, context, done } = running({ rate: 1000, samples: 25, copies: 10 })
    await clock.advance(1000)
    await done
    assert.equal(context.events.length, 250)
  })

  it('gives every event the same time when told', async () => {
    const { clock, context, stopped } = running({ start_time_sec: 7, start_time_nsec: 5000, fixed_timestamp: 'on' })
    await clock.advance(2000)
    await stopped()
    assert.deepEqual(
      context.events.map(({ time }) => time),
      Array.from({ length: 3 }, () => ({ seconds: 7, nanoseconds: 5000 })),
    )
  })

  it('gives every event the time of its start when that is all that is told', async () => {
    const { clock, context, stopped } = running({ fixed_timestamp: 'on' })
    await clock.advance(1000)
    await stopped()
    assert.deepEqual(
      context.events.map(({ time }) => time),
      Array.from({ length: 2 }, () => ({ seconds: 1_700_000_000, nanoseconds: 0 })),
    )
  })

  it('keeps the nanoseconds of the given time exact', async () => {
    const raw = { start_time_sec: 1_700_000_000, start_time_nsec: 999_999_999, interval: '250ms', samples: 2 }
    const { clock, context, done } = running(raw)
    await clock.advance(250)
    await done
    assert.deepEqual(
      context.events.map(({ time }) => time),
      [
        { seconds: 1_700_000_000, nanoseconds: 999_999_999 },
        { seconds: 1_700_000_001, nanoseconds: 249_999_999 },
      ],
    )
  })

  it('knows the interval of Fluent Bit, whose seconds are none where there are nanoseconds alone', async () => {
    const { clock, context, stopped } = running({ interval_nsec: 15_000_000 })
    await clock.advance(150)
    await stopped()
    assert.equal(context.events.length, 11)
  })

  it('hands many events over in blocks, and waits between them while there is no room', async () => {
    const { clock, context, stopped } = running({ copies: 20_000, flush_on_startup: false })
    context.hasRoom = false
    await clock.advance(1000)
    const first = context.events.length
    assert.ok(first > 0 && first < 20_000, `${first} events`)
    context.hasRoom = true
    await clock.advance(499)
    await stopped()
    assert.equal(context.events.length, 20_000)
  })

  it('starts from the given time and goes on with the clock', async () => {
    const { clock, context, stopped } = running({ start_time_sec: 100, flush_on_startup: false, interval: '2s' })
    await clock.advance(4000)
    await stopped()
    assert.deepEqual(
      context.events.map(({ time }) => time.seconds),
      [102, 104],
    )
  })

  it('makes none while there is no room, and counts what it left out', async () => {
    const { clock, context, stopped } = running({ rate: 100 })
    await clock.advance(100)
    context.hasRoom = false
    await clock.advance(10_000)
    const before = context.events.length
    context.hasRoom = true
    await settle()
    await clock.advance(1000)
    await stopped()
    assert.ok(before <= 12)
    assert.ok((context.counted['late_events'] ?? 0) > 800)
    assert.ok(context.events.length - before <= 210, 'at most one second is made up for')
  })
})
