import assert from 'node:assert/strict'
import { test } from 'node:test'
import lib from '../../inputs/lib/index.js'
import { Agent } from '../../src/index.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'

test('lib input: brings what a program pushes to the outputs, under the tag that the program gives', async () => {
  const taken: string[] = []
  const callback = (events: Iterable<{ readonly tag: string; readonly record: object }>): void => {
    for (const { tag, record } of events) taken.push(`${tag} ${JSON.stringify(record)}`)
  }
  const agent = await Agent.create({
    pipeline: {
      inputs: [{ name: 'lib', ack: 'delivered' }],
      outputs: [{ name: 'lib', callback, match: '*', max_batch_age: '0s' }],
    },
    log: () => undefined,
  })
  await agent.start()
  await agent.emit('engine.oil', { celsius: 91 })
  assert.deepEqual(taken, ['engine.oil {"celsius":91}'], 'the promise is settled once the output has it')
  await agent.stop()
  assert.equal(agent.ledger.inputs['lib.0']?.delivered, 1)
})

test('lib input: runs until the agent stops', async () => {
  const stop = new AbortController()
  let ended = false
  const input = lib.create(optionsOf(lib), new RecordingInputContext())
  const run = input.run(stop.signal).then(() => (ended = true))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(ended, false)
  stop.abort()
  await run
})
