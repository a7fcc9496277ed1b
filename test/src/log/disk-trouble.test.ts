import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { cuts, liveThrough, troubles, usual } from '../../support/histories.js'
import { PowerCuts, type Setting } from '../../support/power-cuts.js'

const troubled: { readonly [name: string]: Setting } = {
  'a durable lane': { lane: { mode: 'durable' }, maxInFlight: 2 },
  'a lane that spills': { lane: { mode: 'spill' } },
}

const lossy: { readonly [name: string]: Setting } = {
  'drops the oldest': {
    lane: { mode: 'durable', full: 'drop_oldest', disk_limit: 8192, memory: 96 * 1024 },
    input: { full: 'drop_oldest' },
    isLossy: true,
  },
  'drops the oldest, newest first': {
    lane: { mode: 'durable', full: 'drop_oldest', disk_limit: 8192, memory: 96 * 1024 },
    input: { full: 'drop_oldest' },
    newestFirst: true,
    isLossy: true,
  },
  'drops what is old': { lane: { mode: 'durable', max_age: 1500 }, maxInFlight: 2, isLossy: true },
  'spills, and drops what is old': { lane: { mode: 'spill', max_age: 1500, memory: 64 * 1024 }, isLossy: true },
  'drops what is old for one output': {
    lane: { mode: 'durable' },
    firstMaxAgeMs: 1500,
    maxInFlight: 2,
    isLossy: true,
  },
  'spills, and drops what is old for one output': {
    lane: { mode: 'spill', memory: 64 * 1024 },
    firstMaxAgeMs: 1500,
    newestFirst: true,
    isLossy: true,
  },
  'drops what is old, newest first': { lane: { mode: 'durable', max_age: 1500 }, newestFirst: true, isLossy: true },
}

describe('a disk that fails and works again', () => {
  for (const [name, setting] of Object.entries(troubled)) {
    it(`costs ${name} nothing that was stored`, (t) => liveThrough(t, setting, [...usual, troubles]))
    it(`costs ${name} nothing that was stored, with power cuts besides`, (t) =>
      liveThrough(t, setting, [...usual, troubles, cuts]))
  }
})

describe('a lane that may drop events', () => {
  for (const [name, setting] of Object.entries(lossy)) {
    it(`${name}, and counts each of them`, (t) => liveThrough(t, setting, usual))
    it(`${name}, and balances its ledger after power cuts and on a disk that fails`, (t) =>
      liveThrough(t, setting, [...usual, cuts, troubles]))
  }
})

it('an event that is too old for one output, and in the hands of another, is dropped once', async () => {
  for (let times = 0; times < 10; times++) {
    const world = new PowerCuts({ lane: { mode: 'durable', max_age: 1500 }, isLossy: true })
    await world.start()
    await world.take({ do: 'fate', output: 0, fate: 'fail' })
    await world.take({ do: 'emit', tag: 'a', count: 1, fill: 0 })
    await world.take({ do: 'fate', output: 1, fate: 'fail' })
    await world.take({ do: 'emit', tag: 'a', count: 1, fill: 0 })
    await world.take({ do: 'trouble', with: 'full' })
    await world.take({ do: 'fate', output: 0, fate: 'hang' })
    await world.take({ do: 'advance', ms: 2500 })
    await world.drain()
    world.assertBalanced()
    await world.assertIdle()
  }
})

it('a stop while the oldest make room for the newest waits until they have, and leaves no file open', async () => {
  const world = new PowerCuts(lossy['drops the oldest'] as Setting)
  await world.start()
  await world.take({ do: 'fate', output: 0, fate: 'hang' })
  await world.take({ do: 'emit', tag: 'a', count: 14, fill: 0 })
  await world.take({ do: 'emit', tag: 'b', count: 12, fill: 600 })
  await world.take({ do: 'advance', ms: 15 })
  await world.take({ do: 'emit', tag: 'a', count: 1, fill: 0 })
  await world.take({ do: 'emit', tag: 'a', count: 10, fill: 600 })
  for (let times = 0; times < 3; times++) await world.take({ do: 'emit', tag: 'a', count: 1, fill: 0 })
  const { machine } = world
  await world.take({ do: 'restart' })
  assert.ok((machine.ledger.toJSON().outputs['out0']?.dropped['disk_full'] ?? 0) > 0, 'some made room')
  assert.equal(machine.lane.unstoredCount, 0, 'the newest are on disk')
  await world.drain()
  await world.assertIdle()
})
