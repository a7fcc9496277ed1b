import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { Agent } from '../../../src/engine/agent.js'
import { BuildError } from '../../../src/engine/build.js'
import { Log } from '../../../src/observe/log.js'
import type { InputContext } from '../../../src/plugin/context.js'
import { defineOutput } from '../../../src/plugin/define.js'
import { AgentError, PermanentError } from '../../../src/plugin/errors.js'
import { opened, outputOf, world } from '../../support/agent-world.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { pipelineOf } from '../../support/pipeline.js'
import { RecordingOutput } from '../../support/recording-output.js'

const options = {}

describe('agent', () => {
  it('brings events from input to output with their tags, and the ledger balances', async () => {
    const { agent, context, output } = await world()
    await agent.start()
    context.emit('a.b', { n: 1 })
    context.emit('c', { n: 2 }, { seconds: 5, nanoseconds: 6 })
    await settle()
    assert.deepEqual(output.delivered, [
      { tag: 'a.b', record: { n: 1 } },
      { tag: 'c', record: { n: 2 } },
    ])
    const { inputs, outputs } = agent.ledger
    assert.deepEqual([inputs['in']?.accepted, inputs['in']?.delivered, outputs['out']?.delivered], [2, 2, 2])
    await agent.stop()
  })

  it('shares no id of a batch with an agent that is made at the same moment', async () => {
    const ids = new Set<string>()
    for (let agents = 0; agents < 2; agents++) {
      const { agent, context, output } = await world()
      output.answer = ({ id }) => void ids.add(id)
      context.emit('a', { n: 1 })
      await settle()
      await agent.stop()
    }
    assert.equal(ids.size, 2)
  })

  it('delivers what is left when it stops, and closes the outputs', async () => {
    const { agent, context, output, clock } = await world()
    await agent.start()
    context.emit('a', { n: 1 })
    const stopped = agent.stop()
    await clock.advance(0)
    await stopped
    assert.deepEqual(output.records, [{ n: 1 }])
    assert.equal(output.closed, 1)
    assert.equal(clock.waiting, 0, 'no timer keeps the process alive')
  })

  it('writes the state of inputs though an output never closes', async (t) => {
    const folder = folderOf(t, {})
    const { agent, context, output, clock } = await world({ service: { 'storage.path': folder } })
    output.close = () => new Promise(() => undefined)
    await agent.start()
    context.state.set('offset', '12')
    const stopped = agent.stop()
    await clock.advance(1000)
    await stopped
    assert.equal(readFileSync(join(folder, 'state', 'in.json'), 'utf8'), '{"offset":"12"}')
  })

  it('gives up when the grace ends, and what is left shows as pending', async () => {
    const { agent, context, output, clock } = await world({ service: { grace: '3s' } })
    output.answer = () => new Promise(() => undefined)
    const acks: (Error | undefined)[] = []
    await agent.start()
    context.emit('a', { n: 1 }, undefined, (error) => acks.push(error))
    let stopped = false
    void agent.stop().then(() => (stopped = true))
    await clock.advance(2999)
    assert.equal(stopped, false)
    await clock.advance(1)
    assert.equal(stopped, true)
    assert.equal(agent.ledger.outputs['out']?.pending, 1)
  })

  it('ends at once when told to stop a second time', async () => {
    const { agent, context, output } = await world({ service: { grace: '1h' } })
    output.answer = () => new Promise(() => undefined)
    await agent.start()
    context.emit('a', { n: 1 })
    void agent.stop()
    await settle()
    await agent.stop()
    assert.equal(agent.ledger.outputs['out']?.pending, 1)
  })

  it('acknowledges at level delivered only after the output did', async () => {
    const { agent, context, output } = await world({ inputOptions: { ack: 'delivered' } })
    let deliver = (): void => undefined
    output.answer = () => new Promise((resolve) => (deliver = resolve))
    const acks: (Error | undefined)[] = []
    context.emit('a', { n: 1 }, undefined, (error) => acks.push(error))
    await settle()
    assert.equal(acks.length, 0)
    deliver()
    await settle()
    assert.deepEqual(acks, [undefined])
    await agent.stop()
  })

  it('acknowledges at level received as soon as the event is in memory', async () => {
    const { agent, context } = await world()
    const acks: (Error | undefined)[] = []
    context.emit('a', { n: 1 }, undefined, (error) => acks.push(error))
    assert.deepEqual(acks, [undefined])
    await agent.stop()
  })

  it('tells a sender that waits for delivery when the agent stops first', async () => {
    const { agent, context, output, clock } = await world({
      service: { grace: '1s' },
      inputOptions: { ack: 'delivered' },
    })
    output.answer = () => new Promise(() => undefined)
    const acks: (Error | undefined)[] = []
    context.emit('a', { n: 1 }, undefined, (error) => acks.push(error))
    void agent.stop()
    await clock.advance(1000)
    assert.ok(acks[0] instanceof AgentError)
    assert.deepEqual([acks.length, acks[0].code], [1, 'LOG_STOPPED'])
  })

  for (const ack of ['received', 'delivered']) {
    it(`survives an acknowledgement that throws at level ${ack}, and accounts for the event once`, async () => {
      const { agent, context, output, lines } = await world({ inputOptions: { ack } })
      let calls = 0
      context.emit('a', { n: 1 }, undefined, () => {
        calls++
        throw new Error('a bug')
      })
      context.emit('a', { n: 2 })
      await settle()
      assert.deepEqual(output.records, [{ n: 1 }, { n: 2 }])
      assert.equal(calls, 1)
      assert.match(lines.join('\n'), /an acknowledgement could not be given: a bug/)
      const { delivered, pending } = agent.ledger.inputs['in'] ?? assert.fail()
      assert.deepEqual([delivered, pending], [2, 0])
      await agent.stop()
    })
  }

  it('keeps the letters of all outputs, though they give up at the same moment', async (t) => {
    const folder = folderOf(t, {})
    const lines: string[] = []
    const outputs = ['one', 'two', 'three', 'four'].map((id) => {
      const refusing = new RecordingOutput(() => Promise.reject(new PermanentError('TEST_REFUSED', 'no')))
      return [id, outputOf(refusing), { max_batch_age: '0s' }] as const
    })
    let context: InputContext | undefined
    const pipeline = pipelineOf({
      service: { 'storage.path': folder, dead_letter_limit: '128KiB' },
      inputs: [['in', opened((given) => (context = given))]],
      outputs,
    })
    const log = new Log(
      { level: 'debug', write: (line) => void lines.push(line), paint: (_, text) => text },
      new FakeClock(),
    )
    const agent = await Agent.build(pipeline, { log })
    await agent.start()
    context?.emit('a', { text: 'x'.repeat(48 * 1024) })
    await agent.stop()
    assert.deepEqual(
      lines.filter((line) => line.includes('not written')),
      [],
    )
    for (const { dead_lettered } of Object.values(agent.ledger.outputs)) assert.equal(dead_lettered, 1)
  })

  it('names every plugin that refuses its options', async () => {
    const picky = (message: string) =>
      defineOutput({
        summary: 'Refuses.',
        options,
        create() {
          throw new AgentError('TEST_NO', message)
        },
      })
    const pipeline = pipelineOf({
      outputs: [
        ['one', picky('no')],
        ['two', picky('never')],
      ],
    })
    const log = new Log({ level: 'off', write: () => undefined, paint: (_, text) => text }, new FakeClock())
    await assert.rejects(Agent.build(pipeline, { log }), (error: unknown) => {
      assert.ok(error instanceof BuildError)
      assert.deepEqual(error.failures, [
        { id: 'one', message: 'no' },
        { id: 'two', message: 'never' },
      ])
      return true
    })
  })
})
