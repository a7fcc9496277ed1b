import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type GroupSettings, ServerGroup } from '../../../src/net/server-group.js'
import type { Server } from '../../../src/net/server.js'
import { GroupWorld, servers } from '../../support/upstream-group.js'

const none = new Set<never>()
const middle = (): number => 0.5

function grouped(texts: readonly string[], more: Partial<GroupSettings<Server>> = {}) {
  const world = new GroupWorld()
  const group = new ServerGroup(world.settings({ servers: servers(...texts), ...more }), world.context, middle)
  const next = (): string => group.next(none)?.where ?? 'none'
  const fail = (where: string): void => {
    world.down.add(where)
    group.failed(group.next(none) ?? assert.fail(), `${where} is down`)
  }
  return { world, group, next, fail }
}

test('the first server is used again as soon as a probe has reached it', async () => {
  const { world, group, next, fail } = grouped(['a', 'b'])
  assert.equal(next(), 'a')
  fail('a')
  assert.equal(next(), 'b')
  await world.clock.advance(12_000)
  assert.deepEqual([next(), world.probes], ['b', ['5000 a', '10000 a']])
  world.down.delete('a')
  await world.clock.advance(3000)
  assert.equal(next(), 'a')
  assert.deepEqual(world.lines, ['server a is offline', 'server a is back'])
  assert.equal(world.clock.waiting, 0)
  group.close()
})

test('who stands by is used only while no other is online', async () => {
  const { world, group, next, fail } = grouped(['a', 'b', 'c standby'], { balance: 'round_robin' })
  assert.deepEqual([next(), next(), next(), next()], ['a', 'b', 'a', 'b'])
  fail('a')
  assert.deepEqual([next(), next()], ['b', 'b'])
  fail('b')
  assert.deepEqual([next(), next()], ['c', 'c'])
  world.down.delete('b')
  await world.clock.advance(5000)
  assert.deepEqual([next(), next()], ['b', 'b'])
  group.close()
})

test('where all are offline the one that was left alone longest is tried, and only that', () => {
  const { group, fail } = grouped(['a', 'b', 'c standby'])
  for (const where of ['a', 'b', 'c']) fail(where)
  const turns = Array.from({ length: 4 }, () => {
    const member = group.next(none) ?? assert.fail()
    assert.equal(group.next(new Set([member])), undefined)
    group.failed(member, 'down')
    return member.where
  })
  assert.deepEqual(turns, ['a', 'b', 'c', 'a'])
  group.close()
})

test('a server is offline after as many failures in a row as the settings say', () => {
  const { world, group, next, fail } = grouped(['a', 'b'], { maxFailures: 3 })
  fail('a')
  fail('a')
  group.succeeded(group.next(none) ?? assert.fail())
  fail('a')
  fail('a')
  assert.equal(next(), 'a')
  fail('a')
  assert.equal(next(), 'b')
  assert.deepEqual(world.context.counted, { failed_attempts: 5 })
  group.close()
})

test('a server that can be connected to but fails at its work is left alone for longer and longer', async () => {
  const { world, group } = grouped(['a', 'b'], { maxFailures: 2 })
  const a = group.next(none) ?? assert.fail()
  group.failed(a, 'no answer')
  const waits: number[] = []
  for (let turn = 0; turn < 9; turn++) {
    const before = world.clock.monotonic()
    group.failed(a, 'no answer')
    while (!a.isOnline) await world.clock.advance(5000)
    waits.push((world.clock.monotonic() - before) / 5000)
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60])
  group.succeeded(a)
  group.failed(a, 'no answer')
  assert.ok(a.isOnline, 'what it did well counts')
  group.close()
})

test('probes of many agents are spread', async () => {
  for (const [random, probedAt] of [
    [0, 3750],
    [1, 6250],
  ] as const) {
    const world = new GroupWorld()
    const group = new ServerGroup(world.settings({ servers: servers('a', 'b') }), world.context, () => random)
    group.failed(group.next(none) ?? assert.fail(), 'down')
    await world.clock.advance(7000)
    assert.deepEqual(world.probes, [`${probedAt} a`])
  }
})

test('a flush that succeeds brings its server back, and ends the probe that is under way', async () => {
  let reason: unknown
  const probe = (_server: Server, signal: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason
        reject(signal.reason as Error)
      })
    })
  const { world, group, next } = grouped(['a', 'b'], { probe })
  const a = group.next(none) ?? assert.fail()
  group.failed(a, 'down')
  await world.clock.advance(5000)
  assert.equal(world.clock.waiting, 0)
  group.succeeded(a)
  assert.equal(next(), 'a')
  await world.clock.advance(60_000)
  assert.equal((reason as Error).name, 'AbortError')
  assert.deepEqual(world.lines, ['server a is offline', 'server a is back'])
})

test('a single server is not probed', () => {
  const { world, group, fail, next } = grouped(['a'])
  fail('a')
  assert.deepEqual([next(), world.clock.waiting], ['a', 0])
  group.close()
})

test('nothing of a group that was closed goes on', async () => {
  const { world, group, fail } = grouped(['a', 'b', 'c'])
  fail('a')
  await world.clock.advance(1000)
  fail('b')
  group.close()
  fail('c')
  assert.equal(world.clock.waiting, 0)
  await world.clock.advance(60_000)
  assert.deepEqual(world.probes, [])
})
