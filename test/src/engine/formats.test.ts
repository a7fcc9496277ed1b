import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Agent } from '../../../src/engine/agent.js'
import { BuildError } from '../../../src/engine/build.js'
import { Log } from '../../../src/observe/log.js'
import { load } from '../../../src/registry/registry.js'
import { FakeClock } from '../../support/fake-clock.js'
import { optionsOf } from '../../support/options.js'
import { pipelineOf } from '../../support/pipeline.js'

test('a parser whose options its codec refuses stops the agent from being built, used or not', async () => {
  const codec = await load('codec', 'json')
  const parser = (name: string, raw: object) => {
    const options: { readonly [option: string]: unknown } = optionsOf(codec.definition, { ...raw })
    return { name, codec, options, position: { file: 'f', line: 2, column: 3 } }
  }
  const parsers = [parser('good', { time_format: ['%s'] }), parser('bad', { time_format: ['%Q'] })]
  const log = new Log({ level: 'off', write: () => undefined, paint: (_, text) => text }, new FakeClock())
  await assert.rejects(Agent.build({ ...pipelineOf({}), parsers }, { log }), (error: unknown) => {
    assert.ok(error instanceof BuildError)
    assert.deepEqual(
      error.failures.map(({ id, position }) => [id, position?.line]),
      [['parser bad', 2]],
    )
    assert.match(error.message, /^parser bad: time_format "%Q": expected directives among/)
    return true
  })
})
