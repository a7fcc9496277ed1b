import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { RetryLater, PermanentError } from '../../../src/plugin/errors.js'
import { endNow, world } from '../../support/agent-world.js'
import { folderOf } from '../../support/folder.js'
import { ForgetfulFiles } from '../../support/forgetful-files.js'

describe('the status of an agent', () => {
  it('counts what inputs took and outputs delivered, in events and bytes', async (t) => {
    const { agent, clock, context } = await world()
    t.after(() => endNow(agent))
    await agent.start()
    for (let n = 0; n < 5; n++) context.emit('in', { n })
    const inOf = () => agent.status.inputs['in'] ?? assert.fail()
    assert.equal(inOf().events, 5, 'in an open chunk')
    await clock.advance(2000)
    const out = agent.status.outputs['out'] ?? assert.fail()
    assert.deepEqual([inOf().events, out.events, agent.status.uptimeMs], [5, 5, 2000])
    assert.deepEqual([inOf().plugin, out.plugin, out.bytes, out.oldestPendingMs], ['in', 'out', inOf().bytes, 0])
    assert.ok(inOf().bytes > 5 * 10)
  })

  it('tells retries, refusals and how long ago a flush succeeded', async (t) => {
    const { agent, clock, context, output } = await world()
    t.after(() => endNow(agent))
    await agent.start()
    assert.equal(agent.status.outputs['out']?.sinceSuccessMs, undefined)
    const answers = [new RetryLater('TEST_BUSY', 'busy', 1000), new PermanentError('TEST_NO', 'no')]
    output.answer = () => {
      const error = answers.shift()
      if (error) throw error
    }
    context.emit('in', { n: 0 })
    await clock.advance(500)
    const { breaker, retries, oldestPendingMs = 0 } = agent.status.outputs['out'] ?? {}
    assert.deepEqual([breaker, retries], ['open', 1])
    assert.ok(oldestPendingMs > 0)
    await clock.advance(1000)
    assert.equal(agent.status.outputs['out']?.refusals, 1)
    context.emit('in', { n: 1 })
    await clock.advance(100)
    await clock.advance(3000)
    const { breaker: after, sinceSuccessMs, events } = agent.status.outputs['out'] ?? {}
    assert.deepEqual([after, sinceSuccessMs, events], ['closed', 3100, 1], 'the one that was refused is not among them')
  })

  it('counts batches that ran out of retries', async (t) => {
    const { agent, clock, context, output } = await world({ outputOptions: { retry_limit: '1' } })
    t.after(() => endNow(agent))
    await agent.start()
    output.answer = () => {
      throw new Error('down')
    }
    context.emit('in', { n: 0 })
    await clock.advance(60_000)
    const { retries, givenUp, events, bytes } = agent.status.outputs['out'] ?? {}
    assert.deepEqual({ retries, givenUp, events, bytes }, { retries: 1, givenUp: 1, events: 0, bytes: 0 })
  })

  it('tells how long an input waits for room', async (t) => {
    const { agent, clock, context, output } = await world({ service: { memory_limit: '1MiB' } })
    t.after(() => endNow(agent))
    await agent.start()
    output.answer = () => {
      throw new Error('down')
    }
    while (context.emit('in', { text: 'x'.repeat(1000) }));
    assert.deepEqual([agent.status.inputs['in']?.hasRoom, agent.status.inputs['in']?.pauseMs], [false, 0])
    const room = context.room()
    await clock.advance(5000)
    const { pauseMs, pausedMs } = agent.status.inputs['in'] ?? {}
    assert.deepEqual([pauseMs, pausedMs], [5000, 5000])
    output.answer = () => undefined
    await clock.advance(60_000)
    await room
    const { pauseMs: now, pausedMs: all = 0, hasRoom } = agent.status.inputs['in'] ?? {}
    assert.deepEqual([now, hasRoom, all >= 5000], [0, true, true])
  })

  it('counts chunks in memory and on disk, in all and by input', async (t) => {
    const storage = { path: folderOf(t, {}), mode: 'durable' }
    const { agent, clock, context, output } = await world({
      service: { storage, flush: '100ms' },
      files: new ForgetfulFiles(),
    })
    t.after(() => endNow(agent))
    await agent.start()
    output.answer = () => new Promise(() => undefined)
    context.emit('in', { n: 0 })
    await clock.advance(1000)
    const { inputs, lanes } = agent.status
    const lane = lanes['default'] ?? assert.fail()
    const { bytes } = lane.chunks
    assert.deepEqual(lane.chunks, { memory: 1, bytes, busy: 1, busyBytes: bytes, both: 1, disk: 1 })
    assert.deepEqual(inputs['in']?.chunks, lane.chunks)
    assert.deepEqual([lane.mode, lane.trouble], ['durable', undefined])
    assert.ok(bytes > 0 && Number(lane.disk?.writtenBytes) > bytes)
  })
})
