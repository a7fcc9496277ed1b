import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { endNow, world } from '../../support/agent-world.js'
import { folderOf } from '../../support/folder.js'
import { ForgetfulFiles } from '../../support/forgetful-files.js'

const minute = 60_000
const down = (): never => {
  throw new Error('down')
}

describe('events that are older than max_age', () => {
  for (const mode of ['memory', 'spill', 'durable']) {
    it(`are dropped in a lane of mode ${mode}, and newer ones are not`, async (t) => {
      const files = new ForgetfulFiles()
      const storage = { ...(mode === 'memory' ? {} : { path: folderOf(t, {}) }), mode, max_age: '10m' }
      const { agent, context, output, clock } = await world({ service: { storage }, files })
      t.after(() => endNow(agent))
      output.answer = down
      await agent.start()
      context.emit('a', { n: 0 })
      await clock.advance(9 * minute)
      context.emit('a', { n: 1 })
      await clock.advance(2 * minute)
      output.answer = () => undefined
      await clock.advance(minute)
      // The first one was in the hands of a flush all the time.
      assert.deepEqual(agent.ledger.outputs['out']?.pending, 0)
      const numbers = output.records.map(({ n }) => n)
      assert.ok(numbers.includes(1))
    })

    for (const whose of ['lane', 'output'])
      it(`are dropped before their output is back, and make room (of the ${whose}, mode ${mode})`, async (t) => {
        const files = new ForgetfulFiles()
        const age = { max_age: '10m' }
        const path = mode === 'memory' ? {} : { path: folderOf(t, {}) }
        const storage = { ...path, mode, ...(whose === 'lane' ? age : {}) }
        const outputOptions = { max_batch_bytes: '1KiB', ...(whose === 'output' ? age : {}) }
        const { agent, context, output, clock } = await world({ service: { storage }, outputOptions, files })
        t.after(() => endNow(agent))
        output.answer = down
        await agent.start()
        for (let n = 0; n < 10; n++) {
          context.emit('a', { n, text: 'x'.repeat(1024) })
          await clock.advance(minute / 2)
        }
        await clock.advance(30 * minute)
        const { dropped, pending } = agent.ledger.outputs['out'] ?? assert.fail('no output')
        assert.equal((dropped['expired'] ?? 0) + pending, 10)
        assert.ok(pending <= 1, `all but what a flush holds: ${pending}`)
        const { accepted, ...input } = agent.ledger.inputs['in'] ?? assert.fail('no input')
        assert.equal((input.dropped['expired'] ?? 0) + input.pending, accepted)
      })
  }

  it('are dropped for one output alone that says so', async (t) => {
    const { agent, context, output, clock } = await world({ outputOptions: { max_age: '5m', max_batch_bytes: '1KiB' } })
    t.after(() => endNow(agent))
    output.answer = down
    await agent.start()
    for (let n = 0; n < 3; n++) {
      context.emit('a', { n, text: 'x'.repeat(1024) })
      await clock.advance(4 * minute)
    }
    output.answer = () => undefined
    await clock.advance(minute)
    assert.deepEqual(
      output.records.map(({ n }) => n),
      [0, 2],
      'the first one is in the hands of a flush',
    )
    assert.equal(agent.ledger.outputs['out']?.dropped['expired'], 1)
  })

  it('leave an output that is down for days no share of the disk that others need', async (t) => {
    const files = new ForgetfulFiles()
    const storage = { mode: 'durable', disk_limit: '1MiB', segment_size: '256KiB', path: folderOf(t, {}) }
    const outputOptions = { max_batch_bytes: '1KiB', max_age: '1m' }
    const service = { storage, memory_limit: '1MiB' }
    const { agent, context, output, clock } = await world({ service, outputOptions, files })
    t.after(() => endNow(agent))
    output.answer = down
    await agent.start()
    for (let n = 0; n < 700; n++) {
      assert.ok(context.emit('a', { n, text: 'x'.repeat(4096) }), `there is room for event ${n}`)
      await clock.advance(1000)
    }
    const bytes = files.paths.reduce((sum, path) => sum + files.bytesOf(path).length, 0)
    assert.ok(bytes < 700 * 1024, `${bytes} bytes on disk`)
    output.answer = () => undefined
    await clock.advance(minute)
    const numbers = output.records.map(({ n }) => Number(n))
    assert.equal(numbers.at(-1), 699)
    assert.ok(numbers.length < 80, `${numbers.length} of the last minute, and what a flush had in hand`)
  })

  it('are told by the time that passed, however the clock is set', async (t) => {
    const files = new ForgetfulFiles()
    const storage = { path: folderOf(t, {}), mode: 'durable', max_age: '10m' }
    const { agent, context, output, clock } = await world({ service: { storage }, files })
    t.after(() => endNow(agent))
    output.answer = down
    await agent.start()
    context.emit('a', { n: 0 })
    await clock.advance(minute)
    clock.setWall(Date.UTC(2036, 0, 1))
    await clock.advance(minute)
    output.answer = () => undefined
    await clock.advance(minute)
    assert.deepEqual(output.records, [{ n: 0 }])
  })
})
