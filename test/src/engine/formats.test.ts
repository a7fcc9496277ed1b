import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Agent } from '../../../src/engine/agent.js'
import type { CheckedPipeline } from '../../../src/config/pipeline.js'
import { BuildError } from '../../../src/engine/build.js'
import { Log } from '../../../src/observe/log.js'
import type { LoadedPluginOf } from '../../../src/registry/plugin.js'
import { load } from '../../../src/registry/registry.js'
import { FakeClock } from '../../support/fake-clock.js'
import { optionsOf } from '../../support/options.js'
import { pipelineOf } from '../../support/pipeline.js'

const log = new Log({ level: 'off', write: () => undefined, paint: (_, text) => text }, new FakeClock())

test('a parser whose options its codec refuses stops the agent from being built, used or not', async () => {
  const codec = await load('codec', 'json')
  const parser = (name: string, raw: object) => {
    const options: { readonly [option: string]: unknown } = optionsOf(codec.definition, { ...raw })
    return { name, codec, options, position: { file: 'f', line: 2, column: 3 } }
  }
  const parsers = [parser('good', { time_format: ['%s'] }), parser('bad', { time_format: ['%Q'] })]
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

test('a codec is made with what its packages are, which are loaded before', async () => {
  const made: unknown[] = []
  const codec = await codecThatLoads(async () => 'packages')
  const create: typeof codec.definition.create = (options, context, loaded) => {
    made.push(loaded)
    return codec.definition.create(options, context, undefined)
  }
  const agent = await Agent.build(pipelineWith({ ...codec, definition: { ...codec.definition, create } }), { log })
  assert.ok(agent)
  assert.deepEqual(made, ['packages'])
})

test('a codec whose packages are not there stops the agent from being built, and says which it is', async () => {
  const codec = await codecThatLoads(() => Promise.reject(new Error("Cannot find package 'pbf'")))
  await assert.rejects(Agent.build(pipelineWith(codec), { log }), {
    code: 'CODEC_PACKAGES',
    message: "codec json: its npm packages cannot be loaded: Cannot find package 'pbf'",
  })
})

async function codecThatLoads(loading: () => Promise<unknown>): Promise<LoadedPluginOf<'codec'>> {
  const codec = await load('codec', 'json')
  return { ...codec, definition: { ...codec.definition, load: loading } }
}

function pipelineWith(codec: LoadedPluginOf<'codec'>): CheckedPipeline {
  const options: { readonly [option: string]: unknown } = optionsOf(codec.definition)
  return { ...pipelineOf({}), parsers: [{ name: 'own', codec, options, position: { file: 'f', line: 2, column: 3 } }] }
}
