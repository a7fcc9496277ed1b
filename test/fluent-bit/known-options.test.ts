import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readOptions, type Validate } from '../../src/config/read-options.js'
import { serviceSchema } from '../../src/config/service-options.js'
import type { PluginKind } from '../../src/plugin/define.js'
import type { Schema } from '../../src/plugin/options.js'
import * as registry from '../../src/registry/registry.js'
import { root } from '../support/source-tree.js'

interface Known {
  readonly name: string
  readonly value: string
  readonly expected: 'accepted' | 'warning' | 'advice'
  /** What the warning or the advice says, among other words. */
  readonly words: string
}

const sections = readSections(readFileSync(join(root, 'test/fluent-bit/known-options.txt'), 'utf8'))

/** Fluent Bit has an input for each of these, and no parser. */
const bodies: readonly string[] = [
  'elasticsearch_bulk',
  'form',
  'gelf',
  'influx',
  'loki',
  'otlp',
  'prometheus_remote_write',
  'splunk_hec',
]

test('the table has the service, and every plugin that Fluent Bit has too', () => {
  const own = ['filesystem', 'latest', 'inventory', 'lib', 'mqtt', 'csv', 'msgpack', 'ndjson', 'none', 'sparkplug']
  const field = [
    'can',
    'obd',
    'gps',
    'modbus',
    'xbee',
    'lorawan',
    'sensors',
    'gpio',
    'i2c',
    'iio',
    'signals',
    'capture',
  ]
  const frames = ['binary', 'candump', 'asc', 'trc']
  const kinds = ['input', 'filter', 'output', 'codec'] as const
  const plugins = kinds.flatMap((kind) => registry.names(kind).map((name) => [kind, name] as const))
  const isNewHere = (kind: PluginKind, name: string): boolean =>
    [...own, ...field, ...frames].includes(name) || (kind === 'codec' && bodies.includes(name))
  const shared = plugins.filter((words) => !isNewHere(...words)).map((words) => words.join(' '))
  assert.deepEqual([...sections.keys()].sort(), ['service', ...shared].sort())
  assert.ok([...sections.values()].flat().length > 500)
})

for (const [section, known] of sections) {
  test(`options of ${section} are taken, or their error says what to write instead`, async () => {
    const { schema, validate } = await schemaOf(section)
    const told = known.map((each) => [each, verdictOn(each, schema, validate)] as const)
    const wrong = told.filter(([{ expected, words }, { verdict, message }]) => {
      return verdict !== expected || !message.includes(words)
    })
    assert.deepEqual(wrong, [])
  })
}

function verdictOn({ name, value }: Known, schema: Schema, validate: Validate) {
  const { problems } = readOptions(schema, { [name]: value }, validate)
  const [problem] = problems.filter(({ path }) => path[0] === name)
  if (!problem) return { verdict: 'accepted', message: '' }
  const { severity, message } = problem
  if (severity === 'warning') return { verdict: 'warning', message }
  return { verdict: message.startsWith('not offered; ') ? 'advice' : 'error', message }
}

async function schemaOf(section: string): Promise<{ schema: Schema; validate: Validate }> {
  const [kind, name = ''] = section.split(' ')
  if (kind === 'service') return { schema: serviceSchema, validate: await registry.serviceValidator() }
  return registry.load(kind as PluginKind, name)
}

function readSections(text: string): Map<string, Known[]> {
  const found = new Map<string, Known[]>()
  let section: Known[] = []
  for (const line of text.split('\n')) {
    const head = /^\[(.*)\]$/.exec(line)?.[1]
    if (head !== undefined) found.set(head, (section = []))
    else if (line !== '' && !line.startsWith('#')) section.push(readKnown(line))
  }
  return found
}

function readKnown(line: string): Known {
  const [, name = '', value = '', expected = 'accepted', words = ''] =
    /^(\S+) = (.*?)(?: {2}# (warning|advice): (.*))?$/.exec(line) ?? []
  assert.notEqual(name, '', `no option in "${line}"`)
  return { name, value, expected: expected as Known['expected'], words }
}
