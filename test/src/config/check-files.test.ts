import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { checkConfig } from '../../../src/config/check.js'
import { loadConfig } from '../../../src/config/load-config.js'
import { problemText } from '../../../src/config/node.js'
import { defineInput, files, list } from '../../../src/plugin/index.js'
import { lookupOf } from '../../support/lookup.js'
import { smallPlugins } from '../../support/small-plugins.js'
import { Tree } from '../../support/tree.js'

const tables = defineInput({
  summary: 'Reads tables.',
  full: 'wait',
  options: { tables: files('Tables.'), logs: list('Logs.', { file: true }) },
  create: () => ({ run: () => Promise.resolve() }),
})
const lookup = lookupOf({ ...smallPlugins, 'input.tables': tables })

/** What `tables` of a file becomes, and each problem, with the folder of the file as `.`. */
async function checked(t: TestContext, text: string): Promise<{ paths: unknown; told: readonly string[] }> {
  const tree = new Tree(t, {
    'a.yaml': `pipeline:\n  inputs:\n    - {name: tables, tables: ${text}}\n  outputs: [{name: 'null', match: '*'}]\n`,
    'one.txt': '',
    'more/two.txt': '',
  })
  const { document } = loadConfig(join(tree.root, 'a.yaml'), {})
  const { sound, problems } = await checkConfig(document, lookup)
  const here = (shown: string): string => shown.replaceAll(tree.root, '.')
  const paths = JSON.parse(here(JSON.stringify(sound.inputs[0]?.options['tables'] ?? null))) as unknown
  return { paths, told: problems.map((problem) => here(problemText(problem))) }
}

test('files are one path, a list or a map of names to either, seen from the file that names them', async (t) => {
  const one = './one.txt'
  const two = './more/two.txt'
  assert.deepEqual(await checked(t, 'one.txt'), { paths: one, told: [] })
  assert.deepEqual(await checked(t, '[one.txt, more/two.txt]'), { paths: [one, two], told: [] })
  const map = await checked(t, '{a: one.txt, b: [one.txt, more/two.txt]}')
  assert.deepEqual(map, { paths: { a: one, b: [one, two] }, told: [] })
})

test('each of several files that is not there is told with its own place', async (t) => {
  const { told } = await checked(t, '{a: one.txt, b: [one.txt, gone.txt], c: away.txt}')
  assert.deepEqual(told, [
    './a.yaml:3:56: error: inputs[0].tables.b[1]: there is no file "./gone.txt"',
    './a.yaml:3:70: error: inputs[0].tables.c: there is no file "./away.txt"',
  ])
})

test('a list may be one of files', async (t) => {
  const { told } = await checked(t, 'one.txt, logs: [gone.log, one.txt]')
  assert.deepEqual(told, ['./a.yaml:3:46: error: inputs[0].logs[0]: there is no file "./gone.log"'])
})

test('what is no path of a file is refused', async (t) => {
  const { told } = await checked(t, '[one.txt, [more/two.txt]]')
  assert.match(told.join('\n'), /^\.\/a\.yaml:3:\d+: error: inputs\[0\]\.tables\[1\]: expected/)
})
