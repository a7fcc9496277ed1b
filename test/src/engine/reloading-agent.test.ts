import assert from 'node:assert/strict'
import { type TestContext, it } from 'node:test'

import type { CheckedPipeline } from '../../../src/config/pipeline.js'
import { ReloadingAgent } from '../../../src/engine/reloading-agent.js'
import { withSum } from '../../../src/log/checkpoint-text.js'
import { Log } from '../../../src/observe/log.js'
import type { InputContext } from '../../../src/plugin/context.js'
import { AgentError } from '../../../src/plugin/errors.js'
import { opened, outputOf } from '../../support/agent-world.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { type Instances, pipelineOf } from '../../support/pipeline.js'
import { RecordingOutput } from '../../support/recording-output.js'

const isDown = (): never => {
  throw new AgentError('TEST_DOWN', 'the link is down')
}

/** An agent on a clock that stands still, whose configuration is what the test says it is. */
async function reloading(t: TestContext, first: CheckedPipeline) {
  const clock = new FakeClock()
  const lines: string[] = []
  const log = new Log({ level: 'info', write: (line) => void lines.push(line), paint: (_, text) => text }, clock)
  let now = first
  const agent = await ReloadingAgent.build({ checked: first, log }, () => Promise.resolve({ checked: now, log }), clock)
  await agent.start()
  t.after(async () => {
    void agent.stop()
    await agent.stop()
  })
  const until = async (word: string): Promise<void> => {
    const isTold = (): boolean => lines.some((line) => line.includes(word))
    for (let turn = 0; turn < 1000 && !isTold(); turn++) await clock.advance(100).then(settle)
    assert.ok(isTold(), `expected "${word}" in the log, got ${lines.join('\n')}`)
  }
  const reload = async (next: CheckedPipeline): Promise<void> => {
    now = next
    assert.deepEqual(await agent.reload(), { outcome: 'begun' })
  }
  return { agent, clock, lines, reload, until }
}

/** A pipeline with one input, which gives its context away. */
function pipeline(
  outputs: { readonly [id: string]: RecordingOutput },
  more: Instances & { readonly oldest?: string } = {},
) {
  const contexts: InputContext[] = []
  const { oldest, ...instances } = more
  const checked = pipelineOf({
    ...instances,
    inputs: [['in', opened((context) => void contexts.push(context))]],
    outputs: Object.entries(outputs).map(([id, output]) => {
      return [id, outputOf(output), { max_batch_age: '0s', start: id === oldest ? 'oldest' : 'newest' }]
    }),
  })
  return { checked, emit: (n: number) => void contexts.at(-1)?.emit('app', { n }), contexts }
}

it('what waits follows the outputs of the new configuration by their ids, and the ledger balances', async (t) => {
  const [down, gone] = [new RecordingOutput(isDown), new RecordingOutput(isDown)]
  const first = pipeline({ kept: down, gone, well: new RecordingOutput() })
  const { agent, lines, reload, until } = await reloading(t, first.checked)
  for (const n of [1, 2, 3]) first.emit(n)
  await settle()
  const [kept, well, fresh, old] = [0, 1, 2, 3].map(() => new RecordingOutput()) as [
    RecordingOutput,
    RecordingOutput,
    RecordingOutput,
    RecordingOutput,
  ]
  const second = pipeline({ kept, well, fresh, old }, { oldest: 'old' })
  await reload(second.checked)
  await until('reloads=1')
  second.emit(4)
  await settle()
  const all = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]
  assert.deepEqual(
    [kept, well, fresh, old].map(({ records }) => records),
    [all, [{ n: 4 }], [{ n: 4 }], all],
    'one that waits goes on, one that is done gets nothing twice, a new one begins now, or with the oldest',
  )
  const { inputs, outputs } = agent.agent.ledger
  assert.deepEqual([inputs['in']?.accepted, inputs['in']?.delivered, inputs['in']?.pending], [4, 4, 0])
  const figures = (id: string) => [
    outputs[id]?.routed,
    outputs[id]?.delivered,
    outputs[id]?.dropped,
    outputs[id]?.pending,
  ]
  assert.deepEqual(figures('kept'), [4, 4, {}, 0])
  assert.deepEqual(figures('well'), [4, 4, {}, 0])
  assert.deepEqual(figures('gone'), [3, 0, { no_route: 3 }, 0])
  const told = (): string[] => lines.filter((line) => line.includes('no_route'))
  assert.match(told().join('\n'), /^.*WARN.*dropped what waited for outputs that are no more no_route=3 outputs=gone$/i)
  await reload(second.checked)
  await until('reloads=2')
  assert.equal(told().length, 1, 'once for all')
  assert.deepEqual(figures('fresh'), [1, 1, {}, 0])
  assert.deepEqual(figures('old'), [4, 4, {}, 0])
})

it('a folder that must not be touched: the old configuration goes on with what waits', async (t) => {
  const folder = folderOf(t, { 'log/checkpoint.json': withSum(JSON.stringify({ version: 2 })) })
  let isUp = false
  const output = new RecordingOutput(() => (isUp ? undefined : isDown()))
  const first = pipeline({ out: output })
  const { agent, clock, reload, until } = await reloading(t, first.checked)
  first.emit(1)
  await settle()
  await reload(pipeline({ out: output }, { service: { 'storage.path': folder } }).checked)
  await until('of a newer Sluice')
  await until('going back to the old configuration')
  isUp = true
  while (output.records.length === 0) await clock.advance(100)
  assert.deepEqual(output.records, [{ n: 1 }])
  assert.equal(agent.count, 0)
  first.emit(2)
  await clock.advance(2000)
  assert.deepEqual(output.records, [{ n: 1 }, { n: 2 }])
})

it('what an input brings after its pipeline has handed over is refused, never taken and lost', async (t) => {
  const output = new RecordingOutput()
  const first = pipeline({ out: output })
  const { agent, reload, until } = await reloading(t, first.checked)
  await reload(pipeline({ out: output }).checked)
  await until('reloads=1')
  const [late] = first.contexts
  const outcome = await new Promise((resolve) => late?.emit('app', { n: 1 }, undefined, resolve))
  assert.match(String(outcome), /dropped, stopped/)
  assert.deepEqual(output.records, [])
  assert.equal(agent.agent.ledger.inputs['in']?.accepted, 0)
})

it('tells who asks again that a reload is under way', async (t) => {
  const { agent, reload, until } = await reloading(t, pipeline({ out: new RecordingOutput() }).checked)
  await reload(pipeline({ out: new RecordingOutput() }).checked)
  assert.deepEqual(await agent.reload(), { outcome: 'in progress' })
  await until('reloads=1')
  assert.equal(agent.count, 1)
  await agent.stop()
  assert.deepEqual(await agent.reload(), { outcome: 'stopping' })
})
