import assert from 'node:assert/strict'
import { Agent } from '../../src/engine/agent.js'
import { Log } from '../../src/observe/log.js'
import type { LogFiles } from '../../src/log/disk/files.js'
import type { InputContext, OutputContext } from '../../src/plugin/context.js'
import { defineInput, defineOutput, type Output } from '../../src/plugin/define.js'
import { FakeClock } from './fake-clock.js'
import { type Instances, pipelineOf } from './pipeline.js'
import { RecordingOutput } from './recording-output.js'

const options = {}

/** An input that gives its context to the test and runs until it is stopped. */
export function opened(give: (context: InputContext) => void) {
  return defineInput({
    summary: 'Gives its context away.',
    options,
    full: 'wait',
    create(_, context) {
      give(context)
      return { run: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())) }
    },
  })
}

/** An output that is there already. */
export const outputOf = (output: Output, give: (context: OutputContext) => void = () => undefined) =>
  defineOutput({
    summary: 'An output.',
    options,
    create(_, context) {
      give(context)
      return output
    },
  })

/** Ends an agent without a grace. */
export async function endNow(agent: Agent): Promise<void> {
  void agent.stop()
  await agent.stop()
}

interface WorldParts extends Omit<Instances, 'inputs' | 'outputs'> {
  readonly inputOptions?: object
  readonly outputOptions?: object
  readonly files?: LogFiles
}

/** An agent on a clock that stands still, with one input `in` that the test has the context of, and one output `out`. */
export async function world(parts: WorldParts = {}) {
  const clock = new FakeClock()
  const output = new RecordingOutput()
  const lines: string[] = []
  let context: InputContext | undefined
  let outputContext: OutputContext | undefined
  const pipeline = pipelineOf({
    ...parts,
    inputs: [['in', opened((given) => (context = given)), { ...parts.inputOptions }]],
    outputs: [
      ['out', outputOf(output, (given) => (outputContext = given)), { max_batch_age: '0s', ...parts.outputOptions }],
    ],
  })
  const log = new Log({ level: 'debug', write: (line) => void lines.push(line), paint: (_, text) => text }, clock)
  const agent = await Agent.build(pipeline, { log, clock, ...(parts.files ? { files: parts.files } : {}) })
  assert.ok(context && outputContext)
  return { clock, output, lines, agent, context, outputContext }
}
