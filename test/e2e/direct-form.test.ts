import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../support/folder.js'
import { ForwardServer } from '../support/forward-server.js'
import { HttpDestination } from '../support/http-destination.js'
import { ScriptedBroker } from '../support/scripted-broker.js'
import { linesOf, ranSluice, rowOf, sluice } from '../support/sluice.js'

const soon = ['-f', '10ms']
const twoEvents = [
  '-i',
  'dummy',
  '-t',
  'test.two',
  '-p',
  'samples=2',
  '-p',
  'rate=1000',
  '-p',
  'dummy={"door":"north"}',
]

test('-t, -m and -p speak of the instance before them', async (t) => {
  const folder = folderOf(t, {})
  const doors = ['-i', 'dummy', '-t', 'house.door', '-p', 'samples=2', '-p', 'rate=1000', '-p', 'dummy={"n":1}']
  const cars = ['-i', 'dummy', '-t', 'street.car', '-p', 'samples=1', '-p', 'dummy={"n":2}']
  const filter = ['-F', 'modify', '-m', 'house.*', '-p', 'add=floor 3', '-p', 'add=side left']
  const shown = ['-o', 'stdout', '-m', 'house.*', '-p', 'format=json_lines', '-p', 'json_date_key=false']
  const kept = ['-o', 'file', '-m', '*.car', '-p', `path=${folder}`, '-p', 'file=cars', '-p', 'format=json_lines']
  const { code, stdout, stderr } = await ranSluice(t, [...doors, ...cars, ...filter, ...shown, ...kept, ...soon])
  assert.equal(code, 0, stderr)
  assert.deepEqual(linesOf(stdout), Array(2).fill('{"n":1,"floor":"3","side":"left"}'))
  const [car = '', ...more] = linesOf(readFileSync(join(folder, 'cars'), 'utf8'))
  assert.equal((JSON.parse(car) as { readonly n: number }).n, 2)
  assert.deepEqual(more, [])
  assert.equal(rowOf(stderr, 'stdout.0').accepted, 2)
  assert.equal(rowOf(stderr, 'file.0').accepted, 1)
})

test('`run` may stand before the direct form, or be left out', async (t) => {
  const args = [...twoEvents, '-q', ...soon, '-o', 'stdout', '-p', 'format=json_lines', '-p', 'json_date_key=false']
  for (const words of [args, ['run', ...args]]) {
    const { code, stdout } = await ranSluice(t, words)
    assert.deepEqual([code, linesOf(stdout)], [0, ['{"door":"north"}', '{"door":"north"}']])
  }
})

test('-o forward://host:port ships to a server of the forward protocol', async (t) => {
  const server = await new ForwardServer().listen()
  t.after(() => server.close())
  const { code, stderr } = await ranSluice(t, [...twoEvents, ...soon, '-o', `forward://127.0.0.1:${server.port}`])
  assert.equal(code, 0, stderr)
  assert.deepEqual(
    server.events.map(({ tag, record }) => [tag, record]),
    Array.from({ length: 2 }, () => ['test.two', { door: 'north' }]),
  )
})

test('-o http://host:port/path posts there', async (t) => {
  const server = await new HttpDestination().listen()
  t.after(() => server.close())
  const url = `http://127.0.0.1:${server.port}/in/take`
  const args = [...twoEvents, '-f', '200ms', '-o', url, '-p', 'format=json_lines']
  const { code, stderr } = await ranSluice(t, args)
  assert.equal(code, 0, stderr)
  assert.ok(server.requests.length > 0)
  for (const { method, url: path } of server.requests) assert.deepEqual([method, path], ['POST', '/in/take'])
  const lines = server.requests.flatMap(({ body }) => body.toString().trim().split('\n'))
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { readonly door: string }).door),
    ['north', 'north'],
  )
})

test('-o mqtt://host:port/topic publishes there', async (t) => {
  const broker = await new ScriptedBroker().listen()
  t.after(() => broker.close())
  const { code, stderr } = await ranSluice(t, [
    ...twoEvents,
    ...soon,
    '-o',
    `mqtt://127.0.0.1:${broker.port}/house/doors`,
  ])
  assert.equal(code, 0, stderr)
  assert.ok(broker.published.length > 0)
  for (const { topic, payload } of broker.published) {
    assert.equal(topic, 'house/doors')
    assert.match(payload, /"door":"north"/)
  }
})

test('an output that is unknown is told with the other mistakes, and its URL gives no secret away', async (t) => {
  const { code, stderr } = await ranSluice(t, ['-i', 'dumy', '-o', 'htp://user:sesame@127.0.0.1/x'])
  assert.equal(code, 78)
  assert.match(stderr, /^-i dumy: error: .*unknown input "dumy"; did you mean "dummy"\?$/m)
  assert.match(stderr, /^-o htp: error: .*unknown output "htp"; did you mean "http"\?$/m)
  assert.ok(!stderr.includes('sesame'), stderr)
})

test('-R names a file of parsers', async (t) => {
  const folder = folderOf(t, { 'parsers.conf': '[PARSER]\n    Name pairs\n    Format logfmt\n    Types n:integer\n' })
  const output = ['-o', 'stdout', '-p', 'format=json_lines', '-p', 'json_date_key=false']
  const args = ['-R', join(folder, 'parsers.conf'), '-i', 'stdin', '-p', 'parser=pairs', ...output, ...soon]
  const agent = sluice(t, args)
  agent.stdin?.end('n=7 door=north\n')
  assert.equal(await agent.exited, 0, agent.stderr)
  assert.equal(agent.stdout, '{"n":7,"door":"north"}\n')
})

test('what stands beside -c comes on top of the file', async (t) => {
  const folder = folderOf(t, {
    'a.yaml': [
      'service: {flush: 10ms, log_level: debug}',
      'pipeline:',
      '  inputs:',
      '    - {name: dummy, tag: of.file, samples: 1}',
      '  outputs:',
      "    - {name: 'null', match: '*'}",
      '',
    ].join('\n'),
  })
  const more = ['-i', 'dummy', '-t', 'of.line', '-p', 'samples=1', '-o', 'stdout', '-m', '*']
  const { code, stdout, stderr } = await ranSluice(t, ['-c', join(folder, 'a.yaml'), '-q', ...more])
  assert.deepEqual([code, stderr], [0, ''])
  assert.deepEqual(
    linesOf(stdout)
      .map((line) => line.split('  ')[1] ?? '')
      .sort(),
    ['of.file', 'of.line'],
  )
})
