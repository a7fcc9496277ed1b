import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { Agent } from '../../../src/engine/agent.js'
import { Log } from '../../../src/observe/log.js'
import type { InputContext } from '../../../src/plugin/context.js'
import { endNow, opened, outputOf } from '../../support/agent-world.js'
import { FakeClock } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { ForgetfulFiles } from '../../support/forgetful-files.js'
import { pipelineOf } from '../../support/pipeline.js'
import { RecordingOutput } from '../../support/recording-output.js'

/** An agent with the lanes `default` and `alarms`, an input for each, and an output that is down. */
async function twoLanes(
  t: TestContext,
  batches: { readonly [option: string]: string } = { max_batch_age: '0s', max_batch_bytes: '1KiB' },
) {
  const clock = new FakeClock()
  const output = new RecordingOutput(() => {
    throw new Error('down')
  })
  const contexts = new Map<string, InputContext>()
  const inputOf = (name: string, lane: string) =>
    [name, opened((context) => contexts.set(name, context)), { lane }] as const
  const alarms = { mode: 'durable', priority: 10, memory: '1MiB' }
  const service = { memory_limit: '2MiB', storage: { path: folderOf(t, {}), mode: 'memory' }, lanes: { alarms } }
  const pipeline = pipelineOf({
    service,
    inputs: [inputOf('usual', 'default'), inputOf('urgent', 'alarms')],
    outputs: [['out', outputOf(output), batches]],
  })
  const log = new Log({ level: 'off', write: () => undefined, paint: (_, text) => text }, clock)
  const files = new ForgetfulFiles()
  const agent = await Agent.build(pipeline, { log, clock, files })
  t.after(() => endNow(agent))
  await agent.start()
  const emit = (name: string, n: number): boolean =>
    contexts.get(name)?.emit(name, { n, text: 'x'.repeat(1024) }) ?? assert.fail(name)
  return { agent, clock, output, files, emit, up: () => (output.answer = () => undefined) }
}

describe('lanes', () => {
  it('of a higher priority go first, each of them in its order', async (t) => {
    const { clock, output, emit, up } = await twoLanes(t)
    emit('usual', 0)
    await clock.advance(10)
    for (let n = 1; n < 20; n++) emit('usual', n)
    for (let n = 0; n < 5; n++) emit('urgent', n)
    up()
    await clock.advance(60_000)
    const tags = output.delivered.map(({ tag, record }) => `${tag} ${String(record['n'])}`)
    const urgent = Array.from({ length: 5 }, (_, n) => `urgent ${n}`)
    const usual = Array.from({ length: 19 }, (_, n) => `usual ${n + 1}`)
    assert.deepEqual(tags, ['usual 0', ...urgent, ...usual], 'but for the batch that was under way')
  })

  it('that are never empty do not keep the others from being due', async (t) => {
    const { clock, output, emit, up } = await twoLanes(t, { max_batch_age: '1s' })
    up()
    for (let n = 0; n < 20; n++) {
      emit('urgent', n)
      if (n === 4) emit('usual', n)
      await clock.advance(250)
    }
    const tags = output.delivered.map(({ tag }) => tag)
    assert.ok(tags.filter((tag) => tag === 'urgent').length > 12)
    const place = tags.indexOf('usual')
    assert.ok(place >= 0 && place < 10, `within two seconds, got place ${place}`)
  })

  it('do not take memory from each other', async (t) => {
    const { emit } = await twoLanes(t)
    let taken = 0
    while (emit('usual', taken)) taken++
    assert.ok(taken > 500, `${taken} events of a kibibyte in 1 MiB`)
    assert.ok(emit('urgent', 0), 'the other lane has room')
  })

  it('are on disk each by itself', async (t) => {
    const { clock, files, emit } = await twoLanes(t)
    emit('usual', 0)
    assert.deepEqual(
      files.paths.filter((path) => path.endsWith('.seg')),
      [],
    )
    emit('urgent', 0)
    await clock.advance(5000)
    const [path = '', ...others] = files.paths.filter((each) => each.endsWith('.seg'))
    assert.match(path, /\/log\/alarms\/[0-9a-f]{16}\.seg$/)
    assert.deepEqual(others, [])
  })
})
