import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { checkConfig } from '../../../src/config/check.js'
import type { ConfigFiles } from '../../../src/config/config-files.js'
import { isClassic, loadConfig } from '../../../src/config/load-config.js'
import { problemText } from '../../../src/config/node.js'
import { folderOf } from '../../support/folder.js'
import { lookupOf } from '../../support/lookup.js'
import { smallPlugins } from '../../support/small-plugins.js'

const lookup = lookupOf(smallPlugins)

/** What was told, without the folder. */
async function check(folder: string, name: string, environment: Record<string, string> = {}) {
  const { document, problems: found } = loadConfig(join(folder, name), environment)
  const { pipeline, problems: more } = await checkConfig(document, lookup)
  const problems = [...found, ...more]
  return { pipeline, told: problems.map((problem) => problemText(problem).replaceAll(`${folder}/`, '')) }
}

const classic = `
@SET interval=250
[SERVICE]
    Flush        0.5
    Daemon       Off
    Log_Level    Warn
    Parsers_File parsers.conf
[INPUT]
    Name          meter
    Tag           host.meter
    Interval_Sec  0
    Interval_NSec \${interval}000000
    Verbose       On
[INPUT]
    Name   reader
    Path   /var/log/a.log
    Path   /var/log/b.log
    Parser words
    Sample {"a": [1, null]}
    Limit  4k
[FILTER]
    Name  keep
    Match host.*
    Regex log ^a
    Regex log ^b
[OUTPUT]
    Name        send
    Match       *
    Host        \${HOST:-gw}
    Port        24225
    Headers     X-A one two
    Headers     X-B three
    Retry_Limit False
`

const yaml = `
env:
  interval: 250
service:
  flush: 500ms
  daemon: off
  log_level: warn
parsers:
  - {name: words, format: regex, regex: '(?<word>\\w+)', time_keep: on}
pipeline:
  inputs:
    - {name: meter, tag: host.meter, interval: "\${interval}ms", verbose: true}
    - name: reader
      path: [/var/log/a.log, /var/log/b.log]
      parser: words
      sample: {a: [1, null]}
      limit: 4000
  filters:
    - {name: keep, match: host.*, regex: [log ^a, log ^b]}
  outputs:
    - name: send
      match: '*'
      host: gw
      port: 24225
      headers: {X-A: one two, X-B: three}
      retry_limit: 'False'
`

const parsers = `
[PARSER]
    Name      words
    Format    regex
    Regex     (?<word>\\w+)
    Time_Keep On
`

describe('loadConfig', () => {
  test('reads a classic and a YAML file of one meaning alike', async (t) => {
    const folder = folderOf(t, { 'a.conf': classic, 'a.yaml': yaml, 'parsers.conf': parsers })
    const [one, other] = [await check(folder, 'a.conf'), await check(folder, 'a.yaml')]
    assert.deepEqual([...one.told, ...other.told], [])
    const plain = (checked: typeof one): unknown =>
      JSON.parse(
        JSON.stringify(checked.pipeline, (key, value: unknown) =>
          ['plugin', 'codec', 'position'].includes(key) ? undefined : value,
        ),
      )
    assert.deepEqual(plain(one), plain(other))
    assert.deepEqual(
      one.pipeline?.inputs.map(({ options }) => options['interval']),
      [250, undefined],
    )
    assert.deepEqual(one.pipeline?.outputs[0]?.options['headers'], { 'X-A': 'one two', 'X-B': 'three' })
  })

  test('includes files and folders, relative to the file that names them', async (t) => {
    const folder = folderOf(t, {
      'main.yaml':
        'includes: [more/inputs.yaml, "more/*.conf"]\nservice: {flush: 2}\npipeline: {outputs: [{name: show, match: "*"}]}',
      'more/inputs.yaml':
        'includes: [deep/one.yaml]\nservice: {flush: 3, grace: 9}\npipeline: {inputs: [{name: meter, alias: a}]}',
      'more/deep/one.yaml': 'pipeline: {inputs: [{name: meter, alias: b}]}',
      'more/x.conf': '[INPUT]\n  Name meter\n  Alias c\n@INCLUDE y.inc\n',
      'more/y.inc': '[INPUT]\n  Name meter\n  Alias d\n',
    })
    const { pipeline, told } = await check(folder, 'main.yaml')
    assert.deepEqual(told, [])
    assert.deepEqual(
      pipeline?.inputs.map(({ id }) => id),
      ['b', 'a', 'c', 'd'],
    )
    assert.deepEqual([pipeline?.service.flush, pipeline?.service.grace], [2000, 9000])
  })

  test('keeps the order of sections and includes in a classic file', async (t) => {
    const folder = folderOf(t, {
      'main.conf':
        '[INPUT]\n  Name meter\n[FILTER]\n  Name keep\n  Match *\n  Alias first\n@INCLUDE f.conf\n[FILTER]\n  Name keep\n  Match *\n  Alias last\n[OUTPUT]\n  Name show\n',
      'f.conf': '[FILTER]\n  Name keep\n  Match *\n  Alias middle\n',
    })
    const { pipeline } = await check(folder, 'main.conf')
    assert.deepEqual(
      pipeline?.filters.map(({ id }) => id),
      ['first', 'middle', 'last'],
    )
  })

  const wrong: [string, Record<string, string>, string][] = [
    [
      'a file that includes itself',
      { 'main.yaml': 'includes: [b.yaml]', 'b.yaml': 'includes:\n  - main.yaml' },
      'b.yaml:2:5: error: "main.yaml" includes itself; leave one of the includes out',
    ],
    [
      'a file that is not there',
      { 'main.yaml': 'includes: [b.yaml]' },
      'main.yaml:1:12: error: cannot read "b.yaml": ENOENT: no such file or directory, stat \'b.yaml\'',
    ],
    [
      'a pattern that no file fits',
      { 'main.yaml': 'includes: ["x*.yaml"]' },
      'main.yaml:1:12: warning: no file fits "x*.yaml"',
    ],
    ['an empty file', { 'main.yaml': '' }, 'main.yaml:1:1: error: the file is empty'],
    [
      'a file that is no YAML',
      { 'main.yaml': 'a: [' },
      'main.yaml:1:5: error: no YAML: unexpected end of the stream within a flow collection',
    ],
    [
      'a mistake in an included file',
      { 'main.yaml': 'includes: [b.conf]', 'b.conf': '[INPUT]\n  Name meter\n  Intervall 1s' },
      'b.conf:3:3: error: inputs[0].intervall: unknown option; did you mean "interval"?',
    ],
    [
      'a variable that is not set',
      { 'main.conf': '[INPUT]\n  Name meter\n  Tag  x.${NOPE}' },
      'main.conf:3:8: error: variable "NOPE" is not set; set it, or write ${NOPE:-fallback}',
    ],
    [
      'a parsers file that is not there',
      { 'main.conf': '[SERVICE]\n  Parsers_File p.conf' },
      'main.conf:2:16: error: cannot read "p.conf": ENOENT: no such file or directory, stat \'p.conf\'',
    ],
    [
      'an option that is given twice',
      { 'main.conf': '[INPUT]\n  Name meter\n  Detail core\n  Detail total' },
      'main.conf:4:3: error: inputs[0].detail: given already at main.conf:3:3; leave one of them out',
    ],
    [
      'the second of several values',
      { 'main.conf': '[OUTPUT]\n  Name send\n  Match *\n  Port 1\n  Interval_Sec 1' },
      'main.conf:5:3: error: outputs[0].interval_sec: unknown option',
    ],
  ]
  for (const [name, files, expected] of wrong) {
    test(`tells ${name}`, async (t) => {
      const main = Object.keys(files)[0] ?? ''
      assert.ok(
        (await check(folderOf(t, files), main)).told.includes(expected),
        (await check(folderOf(t, files), main)).told.join('\n'),
      )
    })
  }

  test('tells that the file itself is not there', async () => {
    const { problems } = loadConfig('/nowhere/x.yaml', {})
    assert.deepEqual(problems.map(problemText), [
      '/nowhere/x.yaml: error: cannot read "/nowhere/x.yaml": ENOENT: no such file or directory, stat \'/nowhere/x.yaml\'',
    ])
  })

  test('uses the environment', async (t) => {
    const folder = folderOf(t, {
      'a.yaml': 'pipeline: {inputs: [{name: meter, tag: "${HOSTNAME}.${ROOM}"}], outputs: [{name: show}]}',
    })
    const { pipeline } = await check(folder, 'a.yaml', { HOSTNAME: 'gw1', ROOM: 'attic' })
    assert.equal(pipeline?.inputs[0]?.options.tag, 'gw1.attic')
  })

  test('tells of a variable that is not set once, and not what its value lacks', async (t) => {
    const folder = folderOf(t, {
      'a.yaml': [
        'service: {flush: "${A}"}',
        'pipeline:',
        '  inputs:',
        '    - {name: meter, tag: "${B}", interval: "${C}"}',
        '    - {name: reader, path: ["${D}"], parser: "${E}", limt: 4k}',
        '  outputs: [{name: "${F}", match: "*"}]',
      ].join('\n'),
    })
    const { told } = await check(folder, 'a.yaml')
    const others = told.filter((problem) => !/: variable "[A-F]" is not set/.test(problem))
    assert.deepEqual(others, ['a.yaml:5:54: error: inputs[1].limt: unknown option; did you mean "limit"?'])
    assert.equal(told.length, 7)
  })

  test('never throws, whatever the files hold', async () => {
    const words = [
      '[INPUT]\n',
      '  Name meter\n',
      '  Path ',
      'pipeline:\n',
      '  inputs:\n',
      '    - name: ',
      'reader',
      ' parser: ',
      '[',
      '{',
      '${',
      '}',
      '"',
      '*',
      '&a ',
      '@INCLUDE ',
      'includes: ',
      'service: ',
      'null',
      '\n',
    ]
    const content = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join('')),
    )
    let runs = 0
    const property = fc.asyncProperty(fc.constantFrom('a.conf', 'a.yaml', 'a'), content, async (name, source) => {
      const files: ConfigFiles = {
        read: () => source,
        find: (pattern) => [pattern],
        identity: (path) => (path.length > 40 ? 'a' : path),
      }
      const { document, problems } = loadConfig(name, {}, files)
      const checked = await checkConfig(document, lookup)
      assert.ok(checked.pipeline || checked.problems.length + problems.length > 0)
      runs++
    })
    await fc.assert(property, { numRuns: 1000 })
    assert.equal(runs, 1000)
  })
})

describe('isClassic', () => {
  const cases: [string, string, boolean][] = [
    ['x.conf', 'a: 1', true],
    ['x.yaml', '[INPUT]', false],
    ['x.yml', '', false],
    ['x', '# c\n[INPUT]\n', true],
    ['x', '\n@INCLUDE y', true],
    ['x', 'pipeline:\n', false],
    ['x', '[a, b]', false],
    ['x', '', false],
  ]
  for (const [path, source, expected] of cases) {
    test(`takes ${path} with ${JSON.stringify(source)} for ${expected ? 'classic' : 'YAML'}`, () =>
      assert.equal(isClassic(path, source), expected))
  }
})
