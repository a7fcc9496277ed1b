import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { commonOptions } from '../../src/config/instance-schema.js'
import { readOptions } from '../../src/config/read-options.js'
import { type PluginKind, pluginKinds } from '../../src/plugin/define.js'
import { load, names } from '../../src/registry/registry.js'
import { confSamples } from '../support/conf-samples.js'
import { root } from '../support/source-tree.js'

const sections: { readonly [K in PluginKind]: readonly string[] } = {
  input: ['Smallest configuration', 'Options', 'Record', 'Delivery', 'Permissions and platform', 'Troubles'],
  filter: ['Smallest configuration', 'Options', 'Example', 'Permissions and platform', 'Troubles'],
  output: ['Smallest configuration', 'Options', 'Delivery', 'Permissions and platform', 'Troubles'],
  codec: ['Smallest configuration', 'Options', 'Format', 'Permissions and platform', 'Troubles'],
  stage: ['Smallest configuration', 'Options', 'Permissions and platform', 'Troubles'],
}

/** A program gives these their functions: no file can name them. */
const onlyInPrograms = ['lib']

const samples = confSamples()
const plugins = pluginKinds.flatMap((kind) => names(kind).map((name) => ({ kind, name })))

test('plugins of every kind are found', () => {
  for (const kind of pluginKinds) assert.ok(names(kind).length > 0, kind)
})

for (const { kind, name } of plugins) {
  describe(`${kind} ${name}`, () => {
    declares(kind, name)
    isDocumented(kind, name)
    if (kind !== 'codec' && !onlyInPrograms.includes(name)) isShown(kind, name)
  })
}

function declares(kind: PluginKind, name: string): void {
  test('has a name in snake_case', () => {
    assert.match(name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
  })

  test('says in one sentence what it does', async () => {
    const { definition } = await load(kind, name)
    assert.match(definition.summary, /^[A-Z`][^\n]{10,140}\.$/)
    assert.doesNotMatch(definition.summary, /\. [A-Z]/)
  })

  test('names and describes each option, and none that its kind has', async () => {
    const { definition } = await load(kind, name)
    for (const [option, { description = '' }] of Object.entries(definition.options)) {
      assert.match(option, /^[a-z][a-z0-9_.]*$/)
      assert.match(description, /^.{5,}[.)]$/s, option)
      assert.ok(!(option in commonOptions[kind]), `${option} is an option of every ${kind}`)
    }
  })

  test('has defaults that pass its own schema', async () => {
    const { schema, validate } = await load(kind, name)
    const { problems } = readOptions(schema, {}, validate)
    const wrong = problems.filter(({ path, message }) => path.length > 0 || !message.endsWith(' is missing'))
    assert.deepEqual(wrong, [])
  })
}

function isDocumented(kind: PluginKind, name: string): void {
  test('has a README with its sections, of at most 120 lines', () => {
    const path = join(root, `${kind}s`, name, 'README.md')
    assert.ok(existsSync(path), `${path} is missing`)
    const text = readFileSync(path, 'utf8')
    const headings = text.split('\n').filter((line) => line.startsWith('#'))
    assert.equal(headings[0], `# ${name} ${kind}`)
    const found = headings.filter((line) => line.startsWith('## ')).map((line) => line.slice(3))
    assert.deepEqual(
      sections[kind].filter((section) => !found.includes(section)),
      [],
      'missing sections',
    )
    assert.ok(text.split('\n').length <= 121, 'too long')
  })
}

function isShown(kind: PluginKind, name: string): void {
  test('stands in a sample configuration', () => {
    assert.ok(samples.some((sample) => sample.kind === kind && sample.name === name))
  })
}
