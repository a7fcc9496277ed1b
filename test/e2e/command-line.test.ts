import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { agentProgram } from '../support/agent.js'
import { folderOf } from '../support/folder.js'
import { peer } from '../support/peers.js'
import { TestProcess } from '../support/process.js'
import { linesOf, ranSluice } from '../support/sluice.js'
import { root } from '../support/source-tree.js'

const colour = '\u001B['

test('--version tells the version of the package and of Node', async (t) => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  for (const flag of ['--version', '-V']) {
    const { code, stdout, stderr } = await ranSluice(t, [flag])
    assert.deepEqual([code, stdout, stderr], [0, `sluice ${version} on Node ${process.versions.node}\n`, ''])
  }
})

test('help tells commands, options and exit codes, without a command too', async (t) => {
  for (const args of [[], ['help'], ['-h'], ['run', '--help']]) {
    const { code, stdout } = await ranSluice(t, args)
    assert.equal(code, 0)
    for (const part of ['sluice check -c FILE', '--grace TIME', '75 stopped with events undelivered'])
      assert.ok(stdout.includes(part), part)
  }
})

test('a mistake on the command line names the help that is about it', async (t) => {
  for (const [args, hint] of [
    [['log', 'chek'], 'sluice help log tells what there is'],
    [['can'], 'sluice help can tells what there is'],
    [['chek'], 'sluice help tells what there is'],
  ] as const) {
    const { code, stderr } = await ranSluice(t, args)
    assert.deepEqual([code, linesOf(stderr).at(-1)], [64, hint])
  }
})

test('help of a plugin tells its options with types and defaults, and those of its kind', async (t) => {
  const { code, stdout } = await ranSluice(t, ['help', 'input', 'cpu'])
  assert.equal(code, 0)
  assert.match(stdout, /^cpu input: \S/)
  assert.match(stdout, /^ {2}interval\tduration, at least 10ms\t1s\t\S/m)
  assert.match(stdout, /^ {2}pid\tinteger, at least -1\t-1\t\S/m)
  assert.match(stdout, /options of every input\n(.*\n)* {2}tag\ttext\t\t\S/)
})

test('plugins lists every folder of a plugin', async (t) => {
  const { code, stdout } = await ranSluice(t, ['plugins'])
  assert.equal(code, 0)
  const names = ['inputs', 'filters', 'outputs', 'codecs'].flatMap((kind) => readdirSync(join(root, kind)))
  assert.ok(names.length > 30)
  for (const name of names) assert.match(stdout, new RegExp(`^  ${name}\\t\\S`, 'm'))
})

test('schema prints the JSON Schema of a configuration', async (t) => {
  const { code, stdout } = await ranSluice(t, ['schema'])
  assert.equal(code, 0)
  const schema = JSON.parse(stdout) as { readonly properties: object }
  assert.deepEqual(Object.keys(schema.properties).sort(), [
    'env',
    'http',
    'includes',
    'parsers',
    'pipeline',
    'service',
    'upstream_servers',
  ])
})

test('check tells every mistake at once with its place, and ends with 78', async (t) => {
  const folder = folderOf(t, {
    'a.yaml': [
      'pipeline:',
      '  inputs:',
      '    - name: cpu',
      '      interval: fast',
      '    - nam: mem',
      '  outputs:',
      '    - name: stdot',
      "      match: '*'",
      '',
    ].join('\n'),
  })
  const { code, stdout, stderr } = await ranSluice(t, ['check', '-c', join(folder, 'a.yaml')])
  assert.deepEqual([code, stdout], [78, ''])
  const problems = stderr.trimEnd().split('\n')
  assert.ok(problems.length >= 3, stderr)
  assert.match(stderr, /a\.yaml:4:17: error: .*interval: expected a duration such as "1s" or "250ms", got "fast"/)
  assert.match(stderr, /a\.yaml:7:13: error: .*unknown output "stdot"; did you mean "stdout"\?/)
  for (const problem of problems) assert.match(problem, /a\.yaml:\d+:\d+: error: /)
})

test('check says what of a file it cannot read, and nothing more', async (t) => {
  const folder = folderOf(t, { 'broken.yaml': 'pipeline:\n  inputs: [\n' })
  const broken = await ranSluice(t, ['check', '-c', join(folder, 'broken.yaml')])
  assert.equal(broken.code, 78)
  assert.match(broken.stderr, /^\S+broken\.yaml:3:1: error: .+\n$/)
  const missing = await ranSluice(t, ['check', '-c', join(folder, 'missing.yaml')])
  assert.equal(missing.code, 78)
  assert.match(missing.stderr, /^\S+missing\.yaml: error: cannot read .+ENOENT.+\n$/)
})

test('check counts what is good, and run refuses what check refuses', async (t) => {
  const good = await ranSluice(t, ['check', '-c', 'conf/sluice.yaml'])
  assert.equal(good.code, 0, good.stderr)
  assert.match(good.stdout, /^conf\/sluice\.yaml: good: \d+ inputs, 0 filters, 1 output\n$/)
  const { code, stderr } = await ranSluice(t, ['run', '-c', 'conf/sluice.yaml', '-f', 'soon'])
  assert.equal(code, 78)
  assert.match(stderr, /^command line: error: service\.flush: expected a duration .*, got "soon"\n$/)
})

test('check tells what a plugin itself refuses, with its place', async (t) => {
  const folder = folderOf(t, {
    'a.yaml': 'pipeline:\n  inputs:\n    - name: exec\n      command: ls | wc\n  outputs:\n    - name: stdout\n',
  })
  const { code, stderr } = await ranSluice(t, ['check', '-c', join(folder, 'a.yaml')])
  assert.equal(code, 78)
  assert.match(stderr, /a\.yaml:3:\d+: error: exec\.0: command: expected words, got "\|"/)
})

test('what plugins refuse is told with all other mistakes, in the order of the file', async (t) => {
  const lines = [
    'service: {flush: soon}',
    'parsers:',
    "  - {name: open, format: regex, regex: 'a ('}",
    '  - {name: half, format: regex}',
    'pipeline:',
    '  inputs:',
    '    - {name: cpu, pid: x}',
    '    - {name: exec, command: "ls | wc", lane: fast}',
    '    - {name: exec, command: "ls | ${UNSET_FOLDER}"}',
    '  filters:',
    '    - {name: grep, match: "*", regex: "a ("}',
    '    - {name: parser, match: "*", key_name: log, parser: half}',
    '  outputs:',
    '    - {name: http, order: oldest_first, backfill_rate: 1}',
    '',
  ]
  const folder = folderOf(t, { 'a.yaml': lines.join('\n') })
  const { code, stderr } = await ranSluice(t, ['check', '-c', join(folder, 'a.yaml')])
  assert.equal(code, 78)
  const told = linesOf(stderr).map((line) => line.replace(/^.*a\.yaml:(\d+):\d+: error: ([\w.[\] ]+).*$/, '$1 $2'))
  assert.deepEqual(told, [
    '1 service.flush',
    '3 parser open',
    '4 parsers[1]',
    '7 inputs[0].pid',
    '8 exec.0',
    '9 variable ',
    '11 grep.0',
    '14 outputs[0]',
    '14 http.0',
  ])
})

test('check warns of files for TLS where nothing speaks TLS', async (t) => {
  const http = (...more: string[]) => ['check', '-i', 'cpu', '-o', 'http', '-p', 'tls.ca_file=/etc/ca.pem', ...more]
  const { code, stderr } = await ranSluice(t, http())
  assert.equal(code, 0)
  assert.match(stderr, /^-o http: warning: outputs\[0\]\.tls\.ca_file: has no effect while tls is off; write tls: on/)
  assert.equal((await ranSluice(t, http('-p', 'tls=on'))).stderr, '')
})

const usageErrors: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['rnu'], /unknown command "rnu"; did you mean "run"\?/],
  [['gateway.yaml'], /unknown command "gateway.yaml"; a configuration file is named with -c: -c gateway.yaml\n/],
  [['check', 'gateway.yaml'], /unexpected "gateway.yaml"; a configuration file is named with -c: -c gateway.yaml\n/],
  [['toString'], /unknown command "toString"\n/],
  [['__proto__'], /unknown command "__proto__"\n/],
  [['run'], /expected a configuration with -c FILE/],
  [['run', '--colour'], /unknown option --colour\n/],
  [['-i', 'cpu'], /expected a configuration with -c FILE, or an input and an output/],
  [['-p', 'a=b', '-i', 'cpu'], /-p a=b: expected -i, -F or -o before it/],
  [['-i', 'cpu', '-p', 'interval'], /-p interval: expected key=value/],
  [['-i', 'cpu', '-o', '://'], /-o :\/\/: expected a URL/],
  [['-i', 'cpu', '-o', 'http://me:a/b@1.2.3.4:x/y?key=z'], /-o http:\/\/\*\*\*@1\.2\.3\.4:x\/y: expected a URL/],
  [['-i', 'cpu', '-o', 'http://me:%zz@h/'], /-o http:\/\/\*\*\*@h\/: expected whole escapes, such as %20/],
  [['-i', 'cpu', '-o', 'mqtt://h/%zz'], /-o mqtt:\/\/h\/%zz: expected whole escapes/],
  [['-i', 'cpu', '-o', 'file://h/x'], /-o file:\/\/h\/x: expected a URL with the whole path/],
  [
    ['-i', 'cpu', '-o', 'forward://h:1/tag?x=1'],
    /-o forward:\/\/h:1\/tag: expected a URL without a path, which this output does not use\n/,
  ],
  [['-i', 'cpu', '-o', 'forward://me:sesame@h:1'], /-o forward:\/\/\*\*\*@h:1: expected a URL without a user,/],
  [['-i', 'cpu', '-o', 'forward://h:1?x=sesame'], /-o forward:\/\/h:1: expected a URL without a query,/],
  [['-i', 'cpu', '-o', 'stdout:///x'], /-o stdout:\/\/\/x: expected a URL without a path,/],
  [['-i', 'cpu', '-o', 'http://h/x#y'], /-o http:\/\/h\/x#y: expected a URL without a fragment, .* write %23/],
  [['-i', 'cpu', '-o', 'mqtt://h/x?y=sesame'], /-o mqtt:\/\/h\/x: expected a URL without a query, .* write %3F/],
  [['-i', 'cpu', '-o', 'file:///x?y'], /-o file:\/\/\/x: expected a URL without a query,/],
  [['check', '-c', 'conf/sluice.yaml', 'more'], /unexpected "more"\n/],
  [['help', 'input'], /expected a kind .* and a name/],
  [['help', 'input', 'cpuu'], /unknown input "cpuu"; did you mean "cpu"\?/],
]

test('there are mistakes on the command line', () => assert.ok(usageErrors.length > 0))

for (const [args, message] of usageErrors) {
  test(`sluice ${args.join(' ')} ends with 64 and says why`, async (t) => {
    const { code, stdout, stderr } = await ranSluice(t, args)
    assert.deepEqual([code, stdout], [64, ''], stderr)
    assert.match(stderr, message)
    assert.doesNotMatch(stderr, / {4}at |sesame/, 'a stack is for bugs, and a secret for nobody')
  })
}

test('nobody reading what a command prints is no failure', async (t) => {
  const script = 'exec 3>&1; { "$NODE" "$SLUICE" plugins; echo "code $?" >&3; } | true'
  const { stdout, stderr } = await ranShell(t, script)
  assert.deepEqual([stdout, stderr], ['code 0\n', ''])
})

test('an agent outlives the readers of its log and of one output', async (t) => {
  const input = '-i dummy -p rate=100 -p samples=30 -f 10ms'
  const agent = `"$NODE" "$SLUICE" ${input} -o stdout -m "*" -o file -p path="$FOLDER" -p file=out -m "*"`
  const folder = folderOf(t, {})
  const { stdout } = await ranShell(t, `exec 3>&1; { ${agent} 2>&1; echo "code $?" >&3; } | true`, { FOLDER: folder })
  assert.equal(stdout, 'code 0\n')
  assert.equal(linesOf(readFileSync(join(folder, 'out'), 'utf8')).length, 30)
})

async function ranShell(t: Parameters<typeof ranSluice>[0], script: string, more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, NODE: process.execPath, SLUICE: agentProgram, ...more }
  const shell = new TestProcess('sh', ['-c', script], { env })
  t.after(() => shell.stop('SIGKILL'))
  const code = await shell.exited
  return { code, stdout: shell.stdout, stderr: shell.stderr }
}

test('there is no colour where nobody sees it', async (t) => {
  for (const args of [
    ['help'],
    ['plugins'],
    ['rnu'],
    ['-i', 'dummy', '-p', 'samples=1', '-o', 'stdout', '-f', '10ms'],
  ]) {
    const { stdout, stderr } = await ranSluice(t, args, {
      env: { ...process.env, NO_COLOR: '', TERM: 'xterm-256color' },
    })
    assert.ok(stdout + stderr !== '')
    assert.ok(!(stdout + stderr).includes(colour), stdout + stderr)
  }
})

const script = peer('script')

test(
  'a terminal shows colour, unless NO_COLOR is set, and tables whose columns stand in line',
  { skip: script.skip },
  () => {
    const onTerminal = (command: string, noColour: string): string => {
      const env = {
        ...process.env,
        TERM: 'xterm-256color',
        NO_COLOR: noColour,
        NODE: process.execPath,
        SLUICE: agentProgram,
        // `script` has the shell of the user run the command, who may have none, or one with a syntax of its own.
        SHELL: '/bin/sh',
      }
      const { status, stdout } = spawnSync(script.path, ['-qec', `"$NODE" "$SLUICE" ${command}`, '/dev/null'], {
        env,
        encoding: 'utf8',
        input: '',
      })
      assert.equal(status, 0, stdout)
      return stdout
    }
    for (const command of ['help', 'plugins', '-i dummy -p samples=1 -o stdout -f 10ms']) {
      assert.ok(onTerminal(command, '').includes(colour), command)
      assert.ok(!onTerminal(command, '1').includes(colour), command)
    }
    assert.match(onTerminal('plugins', '1'), /^ {2}cpu {5,}\S.*\r\n {2}disk {4,}\S/m)
  },
)
