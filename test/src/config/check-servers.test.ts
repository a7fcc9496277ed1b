import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'

import { checkConfig } from '../../../src/config/check.js'
import { loadConfig } from '../../../src/config/load-config.js'
import { problemText } from '../../../src/config/node.js'
import { checkYaml } from '../../support/check-yaml.js'
import { folderOf } from '../../support/folder.js'
import { lookupOf } from '../../support/lookup.js'
import { smallPlugins } from '../../support/small-plugins.js'

const pipeline = "\npipeline: {inputs: [{name: meter}], outputs: [{name: show, match: '*'}]}"

/** A server with one stage of these options, from the fourth line on. */
const stage = (rest: string): string => `http:
  - alias: panel
    stages:
      - ${rest.replaceAll('\n', '\n        ')}`

describe('the servers of a configuration', () => {
  test('have their options, their stages in order, and names by their number', async () => {
    const { pipeline: checked, told } = await checkYaml(`http:
  - {listen: '0.0.0.0:80', tag: ui, stages: [{name: page, root: /a}, {name: page, root: /b, path: /c}]}
  - {alias: other, max_body_size: 1MiB, stages: [{name: page, root: /d, hosts: x.example, alias: x}]}`)
    assert.deepEqual(told, [])
    const servers = checked?.servers ?? []
    assert.deepEqual(
      servers.map(({ id, options }) => [id, options.listen, options.tag, options.max_body_size]),
      [
        ['server.0', ['0.0.0.0:80'], 'ui', 4 * 1024 * 1024],
        ['other', ['127.0.0.1'], 'other', 1024 * 1024],
      ],
    )
    assert.deepEqual(
      servers.flatMap(({ stages }) => stages.map(({ id, options: { path, hosts } }) => [id, path, hosts])),
      [
        ['page.0', '/', undefined],
        ['page.1', '/c', undefined],
        ['x', '/', ['x.example']],
      ],
    )
  })

  test('need neither inputs nor outputs beside them', async () => {
    const { pipeline: checked, told } = await checkYaml(stage('{name: page, root: /a}'))
    assert.deepEqual(told, [])
    assert.deepEqual([checked?.inputs, checked?.outputs], [[], []])
  })

  test('may have any tag where one of their stages makes it', async () => {
    const told = async (written: string): Promise<string[]> =>
      (await checkYaml(`${stage(written)}\npipeline: {outputs: [{name: show, match: other}]}`)).told
    assert.deepEqual(await told('{name: page, root: x}'), [
      'f:5:42: error: outputs[0].match: "other" matches no tag; the tags are "panel"',
    ])
    assert.deepEqual(await told('{name: runs, file: package.json}'), [])
  })

  const wrong: [string, string, string][] = [
    [
      'that are no list',
      `http: {listen: x}${pipeline}`,
      'f:1:7: error: http: expected a list, each entry behind "- ", got a map',
    ],
    ['without stages', 'http:\n  - alias: panel', 'f:2:5: error: http[0].stages: expected at least one stage'],
    [
      'with a stage that is no map',
      'http:\n  - {stages: [page]}',
      'f:2:15: error: http[0].stages[0]: expected a map, got "page"',
    ],
    [
      'with an unknown option',
      'http:\n  - lissen: 127.0.0.1\n    stages: [{name: page, root: x}]',
      'f:2:5: error: http[0].lissen: unknown option; did you mean "listen"?',
    ],
    [
      'with workers and a stage that workers cannot share',
      'http:\n  - workers: 2\n    stages: [{name: page, root: x}, {name: runs, file: package.json}]',
      'f:3:37: error: http[0].stages[1]: the stage "runs" cannot be shared by workers, since it keeps what all requests must find; leave out `workers`, or give it a server of its own and lead there with the stage `proxy`',
    ],
    [
      'with an option of another kind',
      'http:\n  - max_connections: many\n    stages: [{name: page, root: x}]',
      'f:2:22: error: http[0].max_connections: expected a whole number from 1 to 65535, got "many"',
    ],
    [
      'with an unknown stage',
      stage('name: pge'),
      'f:4:15: error: http[0].stages[0].name: unknown stage "pge"; did you mean "page"?',
    ],
    ['with a stage without a name', stage('root: x'), 'f:4:9: error: http[0].stages[0]: "name" is missing'],
    [
      'with an unknown option of a stage',
      stage('name: page\nroot: x\ncolor: red'),
      'f:6:9: error: http[0].stages[0].color: unknown option; did you mean "colour"?',
    ],
    [
      'with a stage that lacks an option',
      stage('name: page'),
      'f:4:9: error: http[0].stages[0]: option "root" is missing',
    ],
    [
      'with a stage at a path that is none',
      stage('name: page\nroot: x\npath: ui'),
      'f:6:15: error: http[0].stages[0].path: expected a path such as /ui, got "ui"',
    ],
    [
      'with a stage that names no parser',
      stage('name: runs\nfile: package.json\nparser: jsn'),
      'f:6:17: error: http[0].stages[0].parser: unknown parser "jsn"; did you mean "json"?',
    ],
    [
      'with the name of an input',
      `http: [{alias: meter.0, stages: [{name: page, root: x}]}]${pipeline}`,
      'f:1:16: error: http[0].alias: "meter.0" is the name of the input at f:2:21; choose another',
    ],
    [
      'with stages of one name',
      stage('{name: page, root: x, alias: a}\n- {name: page, root: x, alias: a}').replace('        - {', '      - {'),
      'f:5:38: error: http[0].stages[1].alias: "a" is the name of the stage at f:4:9; choose another',
    ],
    [
      'in a lane that is not there',
      'http:\n  - lane: fast\n    stages: [{name: page, root: x}]',
      'f:2:11: error: http[0].lane: unknown lane "fast"; there are default',
    ],
    [
      'below the pipeline',
      `pipeline:\n  http: []\n  inputs: [{name: meter}]\n  outputs: [{name: show}]`,
      'f:2:3: error: pipeline.http: unknown section; write it beside "pipeline"',
    ],
  ]
  for (const [what, source, problem] of wrong) {
    test(`${what} are wrong`, async () => assert.deepEqual((await checkYaml(source)).told, [problem]))
  }

  test('do not hide what is wrong beside them: the sound stages are still made', async () => {
    const { sound } = await checkYaml(stage('{name: pge}\n- {name: page, root: x}').replace('        - {', '      - {'))
    assert.deepEqual(
      sound.servers.map(({ id, stages }) => [id, stages.map((each) => each.id)]),
      [['panel', ['page.0']]],
    )
  })
})

describe('files that a stage names', () => {
  const lookup = lookupOf(smallPlugins)

  test('are looked for beside the file that names them, whoever includes it', async (t) => {
    const folder = folderOf(t, {
      'main.yaml': 'includes: [more/panel.yaml]',
      'more/panel.yaml': stage('{name: runs, file: here.mjs}\n- {name: runs, file: gone.mjs}').replace(
        '        - {',
        '      - {',
      ),
      'more/here.mjs': '',
    })
    const { document, problems } = loadConfig(join(folder, 'main.yaml'), {})
    const checked = await checkConfig(document, lookup)
    assert.deepEqual(
      [...problems, ...checked.problems].map((problem) => problemText(problem).replaceAll(folder, '.')),
      ['./more/panel.yaml:5:28: error: http[0].stages[1].file: there is no file "./more/gone.mjs"'],
    )
    const [server] = checked.sound.servers
    const options = Object.entries(server?.stages[0]?.options ?? {})
    assert.deepEqual(options.find(([name]) => name === 'file')?.[1], join(folder, 'more/here.mjs'))
  })

  test('may come from a variable, and what is not set is told once', async (t) => {
    const folder = folderOf(t, { 'a.yaml': stage('{name: runs, file: "${WHERE}/a.mjs"}'), 'a.mjs': '' })
    const told = async (environment: { [name: string]: string }): Promise<number> => {
      const { document, problems } = loadConfig(join(folder, 'a.yaml'), environment)
      return problems.length + (await checkConfig(document, lookup)).problems.length
    }
    assert.deepEqual([await told({ WHERE: folder }), await told({ WHERE: '/nowhere' }), await told({})], [0, 1, 1])
  })
})

test('servers of included files are added to those of the file', async (t) => {
  const server = (name: string): string => `http: [{alias: ${name}, stages: [{name: page, root: x}]}]`
  const folder = folderOf(t, {
    'main.yaml': `includes: [more.yaml]\n${server('main')}`,
    'more.yaml': server('more'),
    'classic.conf': '@INCLUDE more.yaml\n[HTTP]\n    Listen x\n',
  })
  const loaded = loadConfig(join(folder, 'main.yaml'), {})
  const { pipeline: checked } = await checkConfig(loaded.document, lookupOf(smallPlugins))
  assert.deepEqual(
    checked?.servers.map(({ id }) => id),
    ['more', 'main'],
  )
  const { document, problems } = loadConfig(join(folder, 'classic.conf'), {})
  assert.equal(document.http.length, 1)
  assert.match(
    problems.map(problemText).join(),
    /classic.conf:2:1: error: section "\[HTTP\]" is not offered; servers are written in YAML/,
  )
})
