import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { readOptions } from '../../../src/config/read-options.js'
import { AgentError } from '../../../src/plugin/errors.js'
import { load, loadAll, names, serviceValidator, validatorOf } from '../../../src/registry/registry.js'

describe('registry', () => {
  test('knows a plugin by its folder', () => {
    assert.ok(names('output').includes('null'))
    assert.ok(!names('input').includes('null'))
  })

  test('loads a plugin with a validator of its options', async () => {
    const plugin = await load('output', 'null')
    assert.deepEqual([plugin.name, plugin.kind], ['null', 'output'])
    const { values, problems } = readOptions(plugin.schema, { match: '*', max_in_flight: 'x' }, plugin.validate)
    assert.equal(values['retry_limit'], 'no_limits')
    assert.deepEqual(
      problems.map(({ path }) => path),
      [['max_in_flight']],
    )
  })

  test('names the nearest plugin where there is none', async () => {
    const told = (error: unknown): boolean =>
      error instanceof AgentError &&
      error.code === 'PLUGIN_UNKNOWN' &&
      error.message === 'unknown output "nul"; did you mean "null"?'
    await assert.rejects(load('output', 'nul'), told)
    await assert.rejects(load('output', '../outputs/null'), { code: 'PLUGIN_UNKNOWN' })
  })

  test('loads every plugin there is, each of the kind of its folder', async () => {
    const plugins = await loadAll()
    assert.ok(plugins.length > 0)
    for (const { kind, definition } of plugins) assert.equal(definition.kind, kind)
  })

  test('compiles a validator where none was built', async () => {
    const validate = await validatorOf(new URL('file:///nowhere/options.validate.js'), { type: 'integer' })
    assert.deepEqual([validate(1), validate('x')], [true, false])
  })

  test('has a validator of the service', async () => {
    assert.equal((await serviceValidator())({ flush: 'x' }), false)
  })

  test('loads no schema compiler for the plugins of this tree', () => {
    const script = `
      const { createRequire } = await import('node:module')
      const { load, serviceValidator } = await import(process.argv[1])
      await Promise.all([load('output', 'null'), serviceValidator()])
      // Ajv is CommonJS, whose modules stand in this cache however they were imported.
      console.log(Object.keys(createRequire(process.argv[1]).cache).filter((path) => path.includes('/ajv/')).length)
    `
    const registry = new URL('../../../src/registry/registry.js', import.meta.url).pathname
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', script, registry], { encoding: 'utf8' })
    assert.equal(told, '0\n')
  })
})
