import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../../../src/base/clock.js'
import { AgentError } from '../../../src/plugin/errors.js'
import { SettledPlaces } from '../../../src/plugin/settled-places.js'

describe('the places up to which events are settled', () => {
  test('move on without a gap, in whatever order acks come', () => {
    const reached: number[] = []
    const places = new SettledPlaces((place) => reached.push(place))
    const [one, two, three] = [places.upTo(10), places.upTo(20), places.upTo(30)]
    two()
    assert.deepEqual(reached, [])
    one()
    assert.deepEqual(reached, [20])
    three(new AgentError('LOG_DROPPED', 'a: given up'))
    assert.deepEqual(reached, [20, 30])
    assert.ok(places.idle)
  })

  test('stay before what the end of the agent cut off', () => {
    const reached: number[] = []
    const places = new SettledPlaces((place) => reached.push(place))
    const [one, two] = [places.upTo(10), places.upTo(20)]
    one(new AgentError('LOG_STOPPED', 'a: not delivered'))
    two()
    assert.deepEqual(reached, [])
    assert.ok(!places.idle)
  })

  test('cost the same for each ack, however many are in flight', () => {
    let last = 0
    const places = new SettledPlaces((place) => (last = place))
    const acks = Array.from({ length: 300_000 }, (_none, index) => places.upTo(index))
    const startedAt = systemClock.monotonic()
    for (const ack of acks) ack()
    assert.equal(last, 299_999)
    assert.ok(systemClock.monotonic() - startedAt < 5000) // half a minute where each ack moved all others
  })
})
