import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { endNow, world } from '../../support/agent-world.js'
import { folderOf } from '../../support/folder.js'
import { ForgetfulFiles } from '../../support/forgetful-files.js'
import { settle } from '../../support/fake-clock.js'

const kibibyte = 1024
const text = 'x'.repeat(kibibyte)

/** An agent whose output is down and whose lane may have two segments of 256 KiB on disk, beside 1 MiB of memory. */
async function smallDisk(t: TestContext, full: string, inputOptions: object = {}, limits: object = {}) {
  const files = new ForgetfulFiles()
  let down = true
  const storage = {
    path: folderOf(t, {}),
    mode: 'durable',
    disk_limit: '512KiB',
    segment_size: '256KiB',
    full,
    ...limits,
  }
  const made = await world({ service: { memory_limit: '1MiB', storage }, inputOptions, files })
  const { agent, context, output, clock } = made
  t.after(() => endNow(agent))
  output.answer = () => {
    if (down) throw new Error('down')
  }
  await agent.start()
  const used = (): number =>
    files.paths.filter((path) => path.endsWith('.seg')).reduce((sum, path) => sum + files.bytesOf(path).length, 0)
  /** Emits until there is no room, or `count` events. Answers how many it took. */
  const fill = async (count: number, from = 0): Promise<number> => {
    for (let n = from; n < from + count; n++) {
      if (!context.emit('a', { n, text }) && !('full' in inputOptions)) return n + 1 - from
      if (n % 32 === 0) await clock.advance(100)
    }
    return count
  }
  const numbers = (): number[] => output.records.map(({ n }) => Number(n))
  return { ...made, files, used, fill, numbers, up: () => (down = false) }
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((one, other) => one - other)

describe('a lane whose share of the disk is used up', () => {
  it('never takes more than its limit, makes its inputs wait, and loses nothing', async (t) => {
    const { agent, clock, used, fill, numbers, up } = await smallDisk(t, 'wait')
    const taken = await fill(5000)
    assert.ok(taken > 1000 && taken < 2000, `${taken} events of a kibibyte were taken`)
    assert.ok(used() > 256 * kibibyte && used() <= 512 * kibibyte, `${used()} bytes on disk`)
    up()
    await clock.advance(120_000)
    assert.deepEqual(
      numbers(),
      Array.from({ length: taken }, (_, n) => n),
    )
    assert.equal(agent.ledger.inputs['in']?.pending, 0)
  })

  it('goes on writing as soon as what was delivered makes room', async (t) => {
    const { agent, clock, used, fill, numbers, up, output } = await smallDisk(t, 'wait')
    const first = await fill(5000)
    up()
    await clock.advance(120_000)
    output.answer = () => {
      throw new Error('down again')
    }
    const second = await fill(700, first)
    await clock.advance(20_000)
    assert.equal(second, 700)
    assert.ok(used() > 256 * kibibyte, 'it writes again')
    assert.equal(agent.ledger.inputs['in']?.pending, 700)
    assert.equal(numbers().length, first)
  })

  it('drops the oldest segments when told so, counts their events, and keeps the newest', async (t) => {
    const { agent, clock, used, fill, numbers, up } = await smallDisk(t, 'drop_oldest')
    await fill(5000)
    await clock.advance(10_000)
    assert.ok(used() <= 512 * kibibyte, `${used()} bytes on disk`)
    up()
    await clock.advance(120_000)
    await settle()
    const { delivered, dropped, pending } = agent.ledger.outputs['out'] ?? assert.fail('no output')
    assert.equal(pending, 0)
    assert.ok((dropped['disk_full'] ?? 0) > 1000)
    assert.equal(delivered + Object.values(dropped).reduce((sum, count) => sum + count, 0), 5000)
    assert.equal(numbers().at(-1), 4999)
    assert.deepEqual(numbers(), sorted(numbers()), 'what is left is in order')
    const input = agent.ledger.inputs['in'] ?? assert.fail('no input')
    assert.deepEqual([input.accepted, input.delivered, input.pending], [5000, delivered, 0])
  })

  it('drops the oldest segments as soon as senders wait for what is new, though memory has room', async (t) => {
    const { agent, context, clock } = await smallDisk(t, 'drop_oldest', { ack: 'stored' })
    let answered = 0
    for (let n = 0; n < 700; n++) {
      context.emit('a', { n, text }, undefined, (error) => void (answered += error ? 0 : 1))
      if (n % 32 === 0) await clock.advance(100)
    }
    await clock.advance(1000)
    const { dropped } = agent.ledger.inputs['in'] ?? assert.fail('no input')
    assert.equal(answered, 700)
    assert.deepEqual(Object.keys(dropped), ['disk_full'])
  })

  it('keeps as much as fits of a burst that is faster than the disk, the newest of all', async (t) => {
    const { agent, context, clock, numbers, up } = await smallDisk(t, 'drop_oldest')
    for (let n = 0; n < 5000; n++) {
      context.emit('a', { n, text })
      if (n % 50 === 0) await settle()
    }
    await clock.advance(10_000)
    const { pending = 0 } = agent.ledger.inputs['in'] ?? {}
    assert.ok(pending > 600, `${pending} events of a kibibyte are left, of 1 MiB in memory and 512 KiB on disk`)
    up()
    await clock.advance(120_000)
    assert.deepEqual([numbers().length, numbers().at(-1)], [pending, 4999])
  })

  it('refuses the newest events when its inputs say so, counts them, and delivers all that it took', async (t) => {
    const inputOptions = { full: 'drop_newest' }
    const { agent, clock, used, fill, numbers, up } = await smallDisk(t, 'drop_newest', inputOptions)
    await fill(5000)
    assert.ok(used() > 256 * kibibyte && used() <= 512 * kibibyte, `${used()} bytes on disk`)
    up()
    await clock.advance(120_000)
    const { delivered, dropped, pending } = agent.ledger.inputs['in'] ?? assert.fail('no input')
    assert.ok(delivered > 1000 && delivered < 2000, `${delivered} events of a kibibyte were taken`)
    assert.deepEqual([dropped, pending], [{ memory_full: 5000 - delivered }, 0])
    assert.deepEqual(
      numbers(),
      Array.from({ length: delivered }, (_, n) => n),
      'the oldest are kept',
    )
  })
})

describe('a lane with room on disk', () => {
  for (const full of ['wait', 'drop_oldest', 'drop_newest'])
    it(`takes many times what memory holds while its output is down, and drops none (${full})`, async (t) => {
      const limits = { disk_limit: '64MiB', segment_size: '1MiB' }
      const { agent, context, clock, numbers, up } = await smallDisk(t, full, { full }, limits)
      for (let n = 0; n < 4000; n++) {
        context.emit('a', { n, text })
        if (n % 128 === 0) await clock.advance(100)
      }
      up()
      await clock.advance(120_000)
      const { delivered, dropped, pending } = agent.ledger.inputs['in'] ?? assert.fail('no input')
      assert.deepEqual([delivered, dropped, pending], [4000, {}, 0])
      assert.equal(numbers().length, 4000)
    })
})

it('an input that waits goes on as soon as what it handed over is on disk, though its output is down', async (t) => {
  const { context, clock, fill } = await smallDisk(t, 'wait', {}, { disk_limit: '64MiB', segment_size: '1MiB' })
  await fill(100)
  for (let n = 0; context.emit('a', { n, text }); n++) continue
  let isRoom = false
  void context.room().then(() => (isRoom = true))
  await settle()
  assert.equal(isRoom, false)
  await clock.advance(500)
  assert.equal(isRoom, true)
})
