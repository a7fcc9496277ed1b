import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { TestProcess } from '../support/process.js'
import { linesOf } from '../support/sluice.js'
import { root } from '../support/source-tree.js'

/** Runs a program that imports `sluice`; answers the values that it prints with `tell`. */
async function ran(t: TestContext, program: string) {
  const folder = mkdtempSync(join(root, 'dist/program-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const tell = 'const tell = (...values) => console.log(JSON.stringify(values))\n'
  writeFileSync(join(folder, 'program.mjs'), `import { Agent, AgentError } from 'sluice'\n${tell}${program}`)
  const node = new TestProcess(process.execPath, [join(folder, 'program.mjs')])
  t.after(() => node.stop('SIGKILL'))
  const code = await node.exited
  return { code, told: linesOf(node.stdout).map((line) => JSON.parse(line) as unknown[]), stderr: node.stderr }
}

test('a program gets its own events and those of other inputs, each with its tag and time', async (t) => {
  const { code, told, stderr } = await ran(
    t,
    `
    let dummies = 0
    let enough
    const seen = new Promise((resolve) => (enough = resolve))
    const callback = (events) => {
      for (const { tag, time, record } of events) {
        if (tag === 'made.up' && ++dummies === 3) enough()
        if (tag === 'own') tell(time, String(record.large), record.large === 2n ** 60n, [...record.bytes])
      }
    }
    const agent = await Agent.create({
      service: { flush: '10ms', log_level: 'warn' },
      pipeline: {
        inputs: [{ name: 'dummy', tag: 'made.up', rate: 100 }, { name: 'lib' }],
        outputs: [{ name: 'lib', match: '*', callback }],
      },
    })
    await agent.start()
    await agent.emit('own', { large: 2n ** 60n, bytes: Uint8Array.of(255, 0) }, { seconds: 7, nanoseconds: 8 })
    await seen
    await agent.stop()
    await agent.done
    const { inputs, outputs } = agent.ledger
    tell(inputs['lib.0'].delivered, inputs['dummy.0'].delivered >= 3, outputs['lib.0'].pending)`,
  )
  assert.deepEqual([code, stderr], [0, ''])
  assert.deepEqual(told, [
    [{ seconds: 7, nanoseconds: 8 }, String(2n ** 60n), true, [255, 0]],
    [1, true, 0],
  ])
})

test('with ack: delivered a push resolves after the callback succeeded, which gets a failed batch again', async (t) => {
  const { code, told, stderr } = await ran(
    t,
    `
    let attempts = 0
    const callback = (events, batch) => {
      tell('attempt', batch.attempt, [...events].length)
      if (++attempts === 1) throw new Error('not now')
    }
    const log = []
    const agent = await Agent.create({
      service: { flush: '10ms', 'scheduler.base': '10ms' },
      log: (line) => log.push(line),
      pipeline: {
        inputs: [{ name: 'lib', ack: 'delivered' }],
        outputs: [{ name: 'lib', alias: 'out', match: '*', callback }],
      },
    })
    await agent.start()
    await agent.emit('a', { n: 1 })
    tell('resolved', attempts)
    await agent.stop()
    tell(log.some((line) => /warn +out delivery failed: callback: not now/.test(line)), agent.ledger.outputs.out.retried)`,
  )
  assert.deepEqual([code, stderr], [0, ''])
  assert.deepEqual(told, [
    ['attempt', 1, 1],
    ['attempt', 2, 1],
    ['resolved', 2],
    [true, 1],
  ])
})

test('a push waits while memory is full, and is refused once the agent was stopped', async (t) => {
  const { code, told, stderr } = await ran(
    t,
    `
    let open
    const gate = new Promise((resolve) => (open = resolve))
    let count = 0
    const callback = async (events) => {
      await gate
      for (const _ of events) count++
    }
    const agent = await Agent.create({
      service: { flush: '10ms', memory_limit: '1MiB' },
      pipeline: { outputs: [{ name: 'lib', match: '*', callback }] },
    })
    await agent.start()
    const padding = 'x'.repeat(1000)
    let pushed = 0
    const pushing = (async () => {
      for (; pushed < 3000; pushed++) await agent.emit('a', { padding })
    })()
    // Far more turns of the event loop than pushes would take if nothing held them.
    for (let turn = 0; turn < 6000; turn++) await new Promise(setImmediate)
    tell(pushed > 500, pushed < 1100)
    open()
    await pushing
    await agent.stop()
    tell(count, agent.ledger.inputs['lib.0'].dropped)
    await agent.emit('a', {}).catch((error) => tell(error instanceof AgentError, error.code))`,
  )
  assert.deepEqual([code, stderr], [0, ''])
  assert.deepEqual(told, [
    [true, true],
    [3000, {}],
    [true, 'ENGINE_STOPPED'],
  ])
})

test('a wrong configuration is refused with every mistake, and warnings go to the log', async (t) => {
  const { code, told, stderr } = await ran(
    t,
    `
    const refusal = (config) => Agent.create(config).then(() => tell('taken'), (error) => tell(error.code, error.message))
    await refusal({ service: { flush: 'soon' }, pipeline: { inputs: [{ name: 'cpuu' }], outputs: [] } })
    await refusal({ pipeline: { outputs: [{ name: 'lib', match: '*', callback: 'print' }] } })
    const log = (line) => tell(/warn +config (.*)/.exec(line)?.[1])
    const inputs = [{ name: 'dummy', tag: 'a', samples: 1 }, { name: 'dummy', tag: 'b', mem_buf_limit: '1M', samples: 1 }]
    await Agent.create({ log, pipeline: { inputs, outputs: [{ name: 'null', match: '*' }] } })`,
  )
  assert.deepEqual([code, stderr], [0, ''])
  const [[wrong, mistakes] = [], [build, refused] = [], [warning] = []] = told
  assert.equal(wrong, 'CONFIG_WRONG')
  assert.match(String(mistakes), /service: error: service\.flush: expected a duration .*got "soon"/)
  assert.match(String(mistakes), /unknown input "cpuu"; did you mean "cpu"\?/)
  assert.match(String(mistakes), /expected at least one output/)
  assert.equal(build, 'ENGINE_BUILD')
  assert.match(String(refused), /lib\.0: callback: expected a function, got string/)
  assert.match(String(warning), /mem_buf_limit/)
})

test('outputs of a program may name groups of servers', async (t) => {
  const { code, told, stderr } = await ran(
    t,
    `
    const create = (nodes) => {
      const outputs = [{ name: 'http', match: '*', upstream: 'gateways' }]
      return Agent.create({ upstream_servers: [{ name: 'gateways', nodes }], pipeline: { outputs } })
    }
    const agent = await create([{ host: 'gw1', port: 8080 }, { host: 'gw2', standby: true, tls: true }])
    await agent.stop()
    tell('taken')
    await create([{ host: 'gw1', prt: 8080 }]).catch((error) => tell(error.message))`,
  )
  assert.deepEqual([code, stderr], [0, ''])
  const mistake = 'error: upstream_servers[0].nodes[0].prt: unknown option; did you mean "port"?'
  assert.deepEqual(told, [['taken'], [`upstream_servers gateways: ${mistake}`]])
})

test('what is no configuration is refused with a word for each mistake', async (t) => {
  const { code, told, stderr } = await ran(
    t,
    `
    const outputs = [{ name: 'null', match: '*' }]
    for (const config of [undefined, null, [], 'cpu', {}, { pipeline: 5 }, { pipeline: { outputs: {} } }])
      await Agent.create(config).then(() => tell('taken'), (error) => tell(error.code, error.message))
    for (const config of [
      { servce: {}, pipeline: { outputs } },
      { env: {}, pipeline: { outputs, filter: [] } },
      { service: [], parsers: [7], pipeline: { outputs, inputs: [null, { nam: 'cpu' }] } },
      { log: 'mine', pipeline: { outputs } },
    ])
      await Agent.create(config).then(() => tell('taken'), (error) => tell(error.code, error.message))
    await Agent.create({ service: undefined, parsers: null, log: undefined, pipeline: { inputs: undefined, outputs } })
    tell('taken')`,
  )
  assert.deepEqual([code, stderr], [0, ''])
  const notAny = (got: string) => `config: error: the configuration: expected a map, got ${got}`
  const expected = [
    [notAny('nothing')],
    [notAny('nothing')],
    [notAny('a list')],
    [notAny('"cpu"')],
    ['config: error: pipeline.outputs: expected at least one output'],
    ['pipeline: error: pipeline: expected a map, got "5"'],
    ['outputs: error: outputs: expected a list, each entry behind "- ", got a map'],
    ['config: error: servce: unknown section; did you mean "service"?'],
    [
      'config: error: env: unknown section; there are service, parsers, upstream_servers, http, pipeline, log',
      'pipeline: error: pipeline.filter: unknown section; did you mean "filters"?',
    ],
    [
      'service: error: service: expected a map, got a list',
      'parsers: error: parsers[0]: expected a map, got "7"',
      'inputs: error: inputs[0]: expected a map, got nothing',
      'inputs: error: inputs[0]: "name" is missing',
    ],
    ['config: error: log: expected a function that takes a line, got string'],
  ]
  assert.deepEqual(told, [...expected.map((lines) => ['CONFIG_WRONG', lines.join('\n')]), ['taken']])
})

test('what is no event is refused, and nothing is counted', async (t) => {
  const { code, told, stderr } = await ran(
    t,
    `
    const times = []
    const callback = (events) => { for (const { time } of events) times.push(time) }
    const agent = await Agent.create({ pipeline: { outputs: [{ name: 'lib', match: '*', callback }] } })
    await agent.start()
    const refusal = (...event) => agent.emit(...event).then(() => tell('taken'), (error) => tell(error.code, error.message))
    for (const tag of [undefined, '', 7]) await refusal(tag, {})
    for (const record of [undefined, null, [1], 'text', new Date(), new Map(), Uint8Array.of(1)]) await refusal('a', record)
    for (const time of [null, 5, '5', new Date(NaN), {}, { seconds: -1 }, { seconds: -1, nanoseconds: 0 }, { seconds: 1.5, nanoseconds: 2e9 }, { seconds: 2 ** 32, nanoseconds: 0 }])
      await refusal('a', {}, time)
    tell(agent.ledger.inputs['lib.0'].accepted)
    await agent.emit('a', {}, new Date(1500))
    await agent.stop()
    tell(times)`,
  )
  assert.deepEqual([code, stderr], [0, ''])
  const refused = told.slice(0, -2).map(([reason, message]) => `${String(reason)} ${String(message)}`)
  assert.equal(refused.length, 19)
  for (const [index, text] of refused.entries()) {
    const part =
      index < 3 ? 'tag: expected text' : index < 10 ? 'record: expected a map' : 'time: expected a Date, or whole'
    assert.match(text, new RegExp(`^ENGINE_WRONG_EVENT emit: ${part}.*, got .+$`))
  }
  assert.match(refused[0] ?? '', /got undefined$/)
  assert.match(refused[17] ?? '', /got 1\.5 and 2000000000$/)
  assert.deepEqual(told.slice(-2), [[0], [[{ seconds: 1, nanoseconds: 500_000_000 }]]])
})

test('the sample of conf/ delivers what it pushes', async (t) => {
  const node = new TestProcess(process.execPath, ['conf/library.mjs'], { cwd: root })
  t.after(() => node.stop('SIGKILL'))
  assert.equal(await node.exited, 0, node.stderr)
  const [first, , , figures = ''] = linesOf(node.stdout)
  assert.equal(first, 'sensor.room {"celsius":21.5,"site":"north"}')
  const { 'lib.0': lib, 'null.0': nothing } = JSON.parse(figures) as { readonly [id: string]: { delivered: number } }
  assert.deepEqual([lib?.delivered, nothing?.delivered], [3, 3])
})

test('a program has servers too, and hears what is wrong with one', async (t) => {
  const { code, told, stderr } = await ran(
    t,
    `
    const pipeline = { outputs: [{ name: 'null', match: '*' }] }
    const serving = (stages) => [{ alias: 'panel', listen: '127.0.0.1:0', stages }]
    let heard
    const address = new Promise((resolve) => (heard = resolve))
    const log = (line) => heard(/listening addresses=(\\S+)/.exec(line)?.[1])
    const http = serving([{ name: 'redirect', path: '/old', to: '/new' }])
    const agent = await Agent.create({ http, pipeline, log })
    await agent.start()
    const answer = await fetch('http://' + (await address) + '/old/a', { redirect: 'manual' })
    tell(answer.status, answer.headers.get('location'), Object.keys(agent.ledger.inputs))
    await agent.stop()
    const wrong = serving([{ name: 'redirct' }, { name: 'redirect' }])
    await Agent.create({ http: wrong, pipeline }).catch(({ message }) => tell(...message.split('\\n')))
    `,
  )
  assert.deepEqual([code, stderr], [0, ''])
  assert.deepEqual(told, [
    [302, '/new/a', ['lib.0', 'panel']],
    [
      'http: error: http[0].stages[0].name: unknown stage "redirct"; did you mean "redirect"?',
      'http: error: http[0].stages[1]: option "to" is missing',
    ],
  ])
})
