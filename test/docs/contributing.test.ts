import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { transform } from 'esbuild'
import type { AnyDefinition } from '../../src/registry/plugin.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { root } from '../support/source-tree.js'

test('the input that CONTRIBUTING.md shows reads the load of this machine at its interval', async (t) => {
  const folder = await mkdtemp(join(root, 'dist/example-'))
  t.after(() => rm(folder, { recursive: true }))
  const { code } = await transform(await example(), { loader: 'ts' })
  await writeFile(join(folder, 'index.js'), code)
  const module = (await import(join(folder, 'index.js'))) as { default: Extract<AnyDefinition, { kind: 'input' }> }
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const controller = new AbortController()
  const ended = module.default.create({ ...optionsOf(module.default), tag: 'load' }, context).run(controller.signal)
  await clock.advance(1000)
  controller.abort()
  await ended
  assert.deepEqual(
    context.events.map((event) => event.tag),
    ['load', 'load'],
  )
  assert.deepEqual(Object.keys(context.records[0] ?? {}), ['load1', 'load5', 'load15'])
})

/** The one code block behind the marker, which stands in a list. */
async function example(): Promise<string> {
  const found = /<!-- example -->\s*```ts\n(.*?)```/s.exec(await readFile(join(root, 'CONTRIBUTING.md'), 'utf8'))
  assert.ok(found?.[1])
  return found[1]
}
