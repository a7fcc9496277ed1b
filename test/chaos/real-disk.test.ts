import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { ChaosRounds, storedBy } from '../support/chaos-rounds.js'
import type { TestProcess } from '../support/process.js'
import { SmallDisk } from '../support/small-disk.js'

const some = 60

async function storesMore(agent: TestProcess): Promise<void> {
  const before = storedBy(agent)
  await agent.until(() => storedBy(agent) >= before + some, 'it stores events')
}

function refuses(agent: TestProcess): Promise<void> {
  return agent.until(() => agent.stdout.includes('events stay in memory'), 'the disk refuses')
}

/** It went on by itself, and called nothing stored before. */
async function goesOn(agent: TestProcess): Promise<void> {
  await storesMore(agent)
  const meanwhile = /^log .*events stay in memory[^]*?^log .*the disk takes events again/m.exec(agent.stdout)?.[0]
  assert.doesNotMatch(meanwhile ?? 'stored', /^stored/m)
}

async function begin(t: TestContext, within?: string): Promise<ChaosRounds> {
  const chaos = await ChaosRounds.begin(1, within)
  t.after(() => chaos.clear())
  return chaos
}

test('a disk that is full stores nothing, and goes on when there is room', { skip: SmallDisk.missing }, async (t) => {
  const disk = SmallDisk.mount(t, '4m')
  const chaos = await begin(t, disk.path)
  await chaos.live({ mode: 'durable' }, async (agent) => {
    await storesMore(agent)
    disk.fill()
    await refuses(agent)
    disk.free()
    await goesOn(agent)
  })
  const { inputs } = await chaos.end()
  assert.equal(inputs['lib.0']?.pending, 0)
})

test('a disk that is read-only stores nothing, and goes on when it is not', { skip: SmallDisk.missing }, async (t) => {
  const disk = SmallDisk.mount(t, '4m')
  const chaos = await begin(t, disk.path)
  await chaos.live({ mode: 'durable' }, storesMore)
  disk.remount('ro')
  await chaos.live({ mode: 'durable' }, async (agent) => {
    await refuses(agent)
    assert.equal(storedBy(agent), 0)
    disk.remount('rw')
    await goesOn(agent)
  })
  const { inputs } = await chaos.end()
  assert.equal(inputs['lib.0']?.pending, 0)
})

test('a folder that somebody removes is made anew, and what comes then is stored', async (t) => {
  const chaos = await begin(t)
  await chaos.live({ mode: 'durable' }, async (agent) => {
    await storesMore(agent)
    rmSync(join(chaos.folder, 'log'), { recursive: true })
    await refuses(agent)
    chaos.forgive(agent)
    await goesOn(agent)
  })
  const { inputs } = await chaos.end()
  assert.equal(inputs['lib.0']?.pending, 0)
})
