import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'

import { folderOf } from '../support/folder.js'
import type { TestProcess } from '../support/process.js'
import { linesOf, ranSluice, rowOf, sluice } from '../support/sluice.js'

const json = { 'content-type': 'application/json' }

interface Started {
  readonly agent: TestProcess
  readonly url: string
}

/** The sample on a free port, with its state in a folder of the test. */
async function started(t: TestContext, state: string): Promise<Started> {
  const agent = sluice(t, ['run', '-c', 'conf/services.yaml'], { env: { ...process.env, PORT: '0', STATE: state } })
  const listening = /panel listening addresses=(127\.0\.0\.1:\d+)/
  await agent.until(() => listening.test(agent.stderr), 'it listens')
  return { agent, url: `http://${listening.exec(agent.stderr)?.[1]}/commissioning` }
}

test('the sample service shows a live value, keeps a label across restarts, and writes visits as events', async (t) => {
  const state = folderOf(t, {})
  const { agent, url } = await started(t, state)
  const send = (method: string, path: string, body: object): Promise<Response> =>
    fetch(url + path, { method, headers: json, body: JSON.stringify(body) })
  const read = async (): Promise<unknown> => (await fetch(`${url}/status`)).json()

  const page = await fetch(new URL('/', url))
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  assert.match(await page.text(), /<title>sensor\.temperature<\/title>/)
  const live = new WebSocket(`${url.replace('http', 'ws')}/live`)
  assert.deepEqual(await nextOf(live), { sensor: 'sensor.temperature', label: null, value: null, seconds: null })

  const pushed = nextOf(live)
  assert.equal((await send('POST', '/readings', { value: 21.5 })).status, 204)
  assert.equal((await pushed)['value'], 21.5)
  assert.equal((await send('PUT', '/label', { label: 'boiler <1>' })).status, 204)
  assert.equal((await send('PUT', '/label', { label: '' })).status, 422)
  assert.deepEqual(await (await send('POST', '/visits', { who: 'Ane', note: 'swapped' })).json(), { recorded: true })
  assert.match(JSON.stringify(await read()), /"label":"boiler <1>","value":21\.5/)
  live.terminate()

  await agent.until(() => linesOf(agent.stdout).length === 2, 'both events are shown')
  assert.deepEqual(linesOf(agent.stdout).map(withoutDate), [
    { value: 21.5, label: null },
    { who: 'Ane', note: 'swapped', sensor: 'sensor.temperature', value: 21.5 },
  ])
  assert.equal(await agent.stop(), 0)
  assert.equal(rowOf(agent.stderr, 'panel').delivered, 2)

  const again = await started(t, state)
  assert.match(await (await fetch(`${again.url}/`)).text(), /value="boiler &#60;1&#62;"/)
})

test('sluice check tells what is wrong with servers, stages and their files, each with its place', async (t) => {
  const folder = folderOf(t, {
    'a.yaml': `http:
  - listen: 127.0.0.1:port
    stages:
      - name: redirect
        to: /ui
      - name: service
        module: gone.mjs
`,
  })
  const { code, stderr } = await ranSluice(t, ['check', '-c', join(folder, 'a.yaml')])
  assert.equal(code, 78)
  assert.deepEqual(linesOf(stderr.replaceAll(folder, '.').replace(/HOST.*(?=, got)/, 'an address')), [
    './a.yaml:2:5: error: server.0: listen: expected an address, got "127.0.0.1:port"',
    './a.yaml:4:9: error: redirect.0: to: expected a path that is not below "/", got "/ui"; set exact: on',
    './a.yaml:7:17: error: http[0].stages[1].module: there is no file "./gone.mjs"',
  ])
})

test('sluice check loads the modules of services without starting them, and tells what is wrong with each', async (t) => {
  const modules: { readonly [name: string]: string } = {
    mistake: 'export default {\n  routes: {,}\n}',
    far: 'import "./mistake.mjs"\nexport default {}',
    none: 'export const routes = {}',
    throws: '\nthrow new Error("no scale")',
    ends: 'process.exit(0)',
    socket: 'export default { sockets: { live: {} } }',
    waits: 'await new Promise(() => {})',
    route: "export default { routes: { '/a': () => 1 } }",
    options: "export default { options: { properties: { unit: { type: 'number' } } } }",
    // What a check may not do says nothing of the module, and is not done.
    writes: 'import { writeFileSync } from "node:fs"\nwriteFileSync(new URL("written", import.meta.url), "")',
    good: 'export default { start() { throw new Error("started") } }',
  }
  const names = Object.keys(modules)
  const stages = names.map((name) => `{name: service, path: /${name}, module: ${name}.mjs, options: {unit: bar}}`)
  const folder = folderOf(t, {
    ...Object.fromEntries(names.map((name) => [`${name}.mjs`, modules[name] ?? ''])),
    'a.yaml': `http: [{listen: 127.0.0.1:0, stages: [\n ${stages.join(',\n ')}]}]`,
  })
  const { code, stderr } = await ranSluice(t, ['check', '-c', join(folder, 'a.yaml')])
  assert.equal(code, 78)
  // A machine that has much else to do takes its time for so many.
  const told = linesOf(stderr.replaceAll(folder, '.')).filter((line) => !line.includes(': still loading '))
  assert.deepEqual(told, [
    `./a.yaml:2:2: error: service.0: "./mistake.mjs" cannot be loaded: Unexpected token ',' at ./mistake.mjs:2`,
    `./a.yaml:3:2: error: service.1: "./far.mjs" cannot be loaded: Unexpected token ',' at ./mistake.mjs:2`,
    './a.yaml:4:2: error: service.2: "./none.mjs": expected a default export such as { routes: { … } }, got undefined',
    './a.yaml:5:2: error: service.3: "./throws.mjs" cannot be loaded: no scale at throws.mjs:2:7',
    './a.yaml:6:2: error: service.4: "./ends.mjs" cannot be loaded: it ended the process',
    './a.yaml:7:2: error: service.5: socket "live": expected a path such as "/live"',
    './a.yaml:8:2: error: service.6: "./waits.mjs" cannot be loaded: it awaits what never comes',
    './a.yaml:9:2: error: service.7: route "/a": expected a method and a path such as "GET /sensors/:id"',
    './a.yaml:10:2: error: service.8: options/unit: must be number',
  ])
  assert.equal(existsSync(join(folder, 'written')), false)
})

test('a service that cannot be loaded is tried again, and the rest of the agent runs', async (t) => {
  const folder = folderOf(t, {
    'bad.mjs': 'throw new Error("no scale")',
    'a.yaml': `http: [{listen: 127.0.0.1:0, stages: [{name: service, module: bad.mjs}]}]
pipeline: {inputs: [{name: dummy, tag: d}], outputs: [{name: stdout, match: '*'}]}`,
  })
  const agent = sluice(t, ['run', '-c', join(folder, 'a.yaml')])
  await agent.until(() => agent.stdout.includes('\n'), 'it shows an event')
  const failed = /error server\.0 failed: "\S*\/bad\.mjs" cannot be loaded: no scale at bad\.mjs:1:7 next_try_ms=\d+/
  await agent.until(() => failed.test(agent.stderr), 'it says why its service does not run')
  assert.equal(await agent.stop(), 0)
})

test('an agent outlives what its service throws where nobody waits for it, and ends with what nobody knows', async (t) => {
  const folder = folderOf(t, {
    'panel/node_modules/late/index.js': `exports.later = () => { setTimeout(() => { throw new Error('in a package') }, 1) }`,
    'panel/late.mjs': `import { later } from 'late'; export default { routes: {
  'GET /timer': () => { setTimeout(() => { throw new Error('in a timer') }, 1); return 1 },
  'GET /promise': () => { Promise.reject(new Error('in a promise')); return 1 },
  'GET /agent': (_, service) => { setImmediate(() => service.emit('', 1)); return 1 },
  'GET /package': () => { later(); return 1 },
  'GET /text': () => { setImmediate(() => { throw 'a text' }); return 1 },
} }`,
    'a.yaml': `http: [{listen: 127.0.0.1:0, stages: [{name: service, module: panel/late.mjs}]}]
pipeline: {outputs: [{name: 'null', match: '*'}]}`,
  })
  const agent = sluice(t, ['run', '-c', join(folder, 'a.yaml')])
  const listening = /server\.0 listening addresses=(127\.0\.0\.1:\d+)/
  await agent.until(() => listening.test(agent.stderr), 'it listens')
  const ask = async (path: string): Promise<number> =>
    (await fetch(`http://${listening.exec(agent.stderr)?.[1]}/${path}`)).status
  const rows = [
    ['timer', /error service\.0 it threw where nobody waits for it: in a timer at=late\.mjs:2:\d+\n/],
    ['promise', /error service\.0 it threw where nobody waits for it: in a promise at=late\.mjs:3:\d+\n/],
    ['agent', /error service\.0 it threw where nobody waits for it: emit: expected a tag .* at=late\.mjs:4:\d+\n/],
    ['package', /error service\.0 it threw .*: in a package at=node_modules\/late\/index\.js:1:\d+\n/],
  ] as const
  for (const [path, line] of rows) {
    assert.equal(await ask(path), 200)
    await agent.until(() => line.test(agent.stderr), `it tells of what the ${path} threw`)
  }
  assert.equal(await ask('none'), 404)
  await ask('text').catch(() => undefined) // the connection may end with the process
  assert.equal(await agent.exited, 1)
  assert.match(agent.stderr, /a text/)
})

async function nextOf(live: WebSocket): Promise<{ readonly [name: string]: unknown }> {
  const [data] = (await once(live, 'message')) as [Buffer]
  return JSON.parse(data.toString())
}

function withoutDate(line: string): unknown {
  const { date: _, ...rest } = JSON.parse(line)
  return rest
}
