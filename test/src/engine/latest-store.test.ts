import assert from 'node:assert/strict'
import { test } from 'node:test'

import { latestLimits, LatestStore } from '../../../src/engine/latest-store.js'
import { FakeClock } from '../../support/fake-clock.js'

const time = { seconds: 1, nanoseconds: 2 }

test('the last value of a series is the one that was set last, beside those of other series and tags', () => {
  const latest = new LatestStore(new FakeClock())
  latest.set('can.engine', 'speed', { value: 1 }, time)
  latest.set('can.engine', 'speed', { value: 2 }, time)
  latest.set('can.engine', '', { value: 3 }, time)
  latest.set('host.cpu', '', { value: 4 }, time)
  assert.deepEqual(latest.get('can.engine', 'speed')?.record, { value: 2 })
  assert.deepEqual(latest.get('can.engine')?.record, { value: 3 })
  assert.equal(latest.get('can.engine', 'torque'), undefined)
  assert.deepEqual(
    latest.list('can.').map(({ tag, series, record }) => [tag, series, record['value']]),
    [
      ['can.engine', 'speed', 2],
      ['can.engine', '', 3],
    ],
  )
  assert.equal(latest.list('').length, 3)
  latest.set('host.cpu', '', {})
  assert.equal(latest.get('host.cpu')?.time.seconds, Math.floor(new FakeClock().wall() / 1000), 'now unless given')
})

test('a value that is too old is there no more', async () => {
  const clock = new FakeClock()
  const latest = new LatestStore(clock, { ...latestLimits, ageMs: 1000 })
  latest.set('a', '', {}, time)
  await clock.advance(1000)
  assert.ok(latest.get('a'))
  await clock.advance(1)
  assert.equal(latest.get('a'), undefined)
  assert.deepEqual(latest.list(''), [])
})

test('of too many values, those go that were longest not set', () => {
  const latest = new LatestStore(new FakeClock(), { ...latestLimits, values: 2 })
  for (const tag of ['a', 'b', 'a', 'c']) latest.set(tag, '', {}, time)
  assert.deepEqual(
    latest.list('').map(({ tag }) => tag),
    ['a', 'c'],
  )
})

test('values keep within their bytes, and one that is too large takes the place of none', () => {
  const latest = new LatestStore(new FakeClock(), { ...latestLimits, bytes: 4000, valueBytes: 3000 })
  const large = { text: 'x'.repeat(1000), list: [1n, null, { a: new Uint8Array(8) }] }
  assert.equal(latest.set('a', '', large, time), true)
  assert.equal(latest.set('b', '', large, time), true)
  assert.deepEqual(
    latest.list('').map(({ tag }) => tag),
    ['b'],
  )
  assert.equal(latest.set('b', '', { text: 'x'.repeat(2000) }, time), false)
  assert.equal(latest.get('b'), undefined, 'what was there is not the last value any more')
  latest.set('a', '', large, time)
  latest.set('c', '', {}, time)
  assert.equal(latest.list('').length, 2, 'what went takes no bytes')
})
