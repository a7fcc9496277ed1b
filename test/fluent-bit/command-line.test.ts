import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseRunArguments, pluginOfHelp, UsageError } from '../../src/cli/direct-form.js'
import { folderOf } from '../support/folder.js'
import { ForwardServer } from '../support/forward-server.js'
import { HttpDestination } from '../support/http-destination.js'
import { linesOf, ranSluice, sluice } from '../support/sluice.js'

const json = ['-p', 'format=json_lines', '-p', 'json_date_key=false']
const dummy = ['-i', 'dummy', '-p', 'samples=1', '-p', 'dummy={"n":1}']

test("-i cpu -t my_cpu -o stdout -m '*' shows the CPU until it is stopped", async (t) => {
  const agent = sluice(t, ['-i', 'cpu', '-t', 'my_cpu', '-o', 'stdout', '-m', '*', '-f', '0.1'])
  await agent.until(() => / my_cpu .*cpu_p=/.test(agent.stdout), 'it shows the CPU')
  assert.equal(await agent.stop('SIGTERM'), 0, agent.stderr)
})

test('-i tail reads a file from its head, and -F grep keeps what matches', async (t) => {
  const folder = folderOf(t, { log: 'an error\nall is well\nerrors again\n' })
  const tail = ['-i', 'tail', '-p', `path=${folder}/log`, '-p', 'read_from_head=true', '-p', 'exit_on_eof=on']
  const grep = ['-F', 'grep', '-p', 'regex=log error', '-m', '*']
  const { code, stdout, stderr } = await ranSluice(t, [...tail, ...grep, '-o', 'stdout', '-m', '*', ...json, '-f', '1'])
  assert.equal(code, 0, stderr)
  assert.deepEqual(linesOf(stdout), ['{"log":"an error"}', '{"log":"errors again"}'])
})

test('an output may be a URL, as -o forward://HOST:PORT and -o http://HOST:PORT/PATH', async (t) => {
  const [fluentd, web] = [await new ForwardServer().listen(), await new HttpDestination().listen()]
  t.after(() => Promise.all([fluentd.close(), web.close()]))
  const forward = ['-o', `forward://127.0.0.1:${fluentd.port}`, '-m', '*']
  const http = ['-o', `http://127.0.0.1:${web.port}/in`, '-m', '*', '-p', 'format=json']
  const { code, stderr } = await ranSluice(t, [...dummy, '-t', 'x', ...forward, ...http])
  assert.equal(code, 0, stderr)
  assert.deepEqual(
    fluentd.events.map(({ tag, record }) => [tag, record]),
    [['x', { n: 1 }]],
  )
  assert.deepEqual(
    web.requests.map(({ url }) => url),
    ['/in'],
  )
})

test('-c, -R, -l and -vv are those of Fluent Bit', async (t) => {
  const folder = folderOf(t, {
    'parsers.conf': '[PARSER]\n    Name objects\n    Format json\n',
    'a.conf':
      '[INPUT]\n    Name stdin\n    Parser objects\n[OUTPUT]\n    Name stdout\n    Match *\n    Format json_lines\n',
  })
  const file = (name: string): string => join(folder, name)
  const agent = sluice(t, ['-c', file('a.conf'), '-R', file('parsers.conf'), '-l', file('log'), '-vv', '-f', '0.1'])
  agent.stdin?.end('{"door":"north"}\nno object\n')
  assert.equal(await agent.exited, 0, agent.stderr)
  assert.match(agent.stdout, /"door":"north"\}\n$/)
  assert.match(readFileSync(file('log'), 'utf8'), / warn {2}stdin\.0 dropping what cannot be parsed /)
  assert.equal(parseRunArguments(['-vv']).direct.service?.['log_level'], 'trace')
})

test('-H and -P serve HTTP as in Fluent Bit, on loopback', async (t) => {
  const agent = sluice(t, ['-i', 'dummy', '-o', 'null', '-H', '-P', '0'])
  const served = /serves HTTP address=(127\.0\.0\.1:\d+)/
  await agent.until(() => served.test(agent.stderr), 'it serves HTTP')
  const [, at = ''] = served.exec(agent.stderr) ?? []
  assert.equal(await (await fetch(`http://${at}/api/v1/health`)).text(), 'ok\n')
})

test('-h behind a plugin tells its options', async (t) => {
  const { code, stdout } = await ranSluice(t, ['-i', 'cpu', '-h'])
  assert.deepEqual([code, /^cpu input: .*^ +pid\t/ms.test(stdout)], [0, true])
  assert.deepEqual(pluginOfHelp(['-i', 'cpu', '-o', 'http://127.0.0.1/x']), ['output', 'http'])
  assert.deepEqual(pluginOfHelp(['-i', 'cpu', '-F', 'grep', '-p', 'regex=a b']), ['filter', 'grep'])
  assert.equal(pluginOfHelp(['run']), undefined)
})

test('-Y turns hot reload on, which it is unless the file says otherwise', () => {
  const { service } = parseRunArguments(['-c', 'x.yaml', '-Y']).direct
  assert.equal(service?.['hot_reload'], true)
})

const flags: readonly (readonly [args: readonly string[], advice: RegExp])[] = [
  [['-S'], /-v logs more/],
  [['-W'], /leave it out/],
  [['-Z'], /add -o stdout/],
  [['--trace-input=cpu.0'], /add -o stdout/],
  [['-e', 'out_x.so'], /plugins are found in their folders/],
  [['-w', '/tmp'], /cd DIR/],
  [['-d'], /systemd/],
  [['--supervisor'], /systemd/],
  [['-T', 'SELECT 1'], /write filters/],
  [['-s', '24576'], /no coroutines/],
  [['-C', 'calyptia'], /no such plugins/],
  [['-J'], /sluice schema/],
  [['--storage_path=/x'], /--storage or -b/],
  [['--parser=/x'], /--parsers or -R/],
  [['--enable-fips'], /Node\.js that is built for FIPS/],
]

test('a flag that Sluice does not offer says in one line what to do instead', () => {
  assert.ok(flags.length > 14)
  for (const [args, advice] of flags) {
    assert.throws(
      () => parseRunArguments(['-i', 'cpu', ...args]),
      (error) => {
        assert.ok(error instanceof UsageError)
        assert.match(error.message, /^--?[\w-]+ is not offered; [^\n]+$/)
        return advice.test(error.message)
      },
      args.join(' '),
    )
  }
  assert.throws(() => parseRunArguments(['--flsh=1']), {
    message: 'unknown option --flsh; did you mean "--flush"?',
  })
})
