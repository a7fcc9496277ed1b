import assert from 'node:assert/strict'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import type { Stage } from '../../../src/http/stage.js'
import { messageOf } from '../../../src/plugin/errors.js'
import service from '../../../stages/service/index.js'
import { folderOf } from '../../support/folder.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { startServer } from '../../support/http-server.js'
import { optionsOf } from '../../support/options.js'
import { startService } from '../../support/service.js'

test('it starts before the first request is answered, and stops after the last one', async (t) => {
  const { url, context, stop } = await startService(
    t,
    `export default {
      start: async (service) => { await new Promise(setImmediate); service.emit('life', { is: 'started' }) },
      stop: (service) => { service.emit('life', { is: 'stopped', aborted: service.signal.aborted }); throw new Error('late') },
      routes: { 'GET /': (_, service) => { service.emit('life', { is: 'asked', aborted: service.signal.aborted }) } },
    }`,
  )
  await fetch(url)
  await stop()
  assert.deepEqual(context.records, [
    { is: 'started' },
    { is: 'asked', aborted: false },
    { is: 'stopped', aborted: false },
  ])
  assert.deepEqual(
    context.log.lines.map(({ message }) => message),
    ['stop failed: late'],
  )
})

test('options come as they are, or as the schema completes them', async (t) => {
  const routes = `routes: { 'GET /': (_, { id, options }) => [id, options] }`
  const bare = await startService(t, `export default { ${routes} }`, { raw: { options: { a: [1, 'b'] } } })
  assert.deepEqual(await (await fetch(bare.url)).json(), ['test.0', { a: [1, 'b'] }])
  const schema = `options: { type: 'object', properties: { unit: { type: 'string', default: 'bar' } } }`
  const complete = await startService(t, `export default { ${schema}, ${routes} }`)
  assert.deepEqual(await (await fetch(complete.url)).json(), ['test.0', { unit: 'bar' }])
})

const wrong: [string, string, RegExp][] = [
  [
    'has a mistake',
    'export default {\n  routes: {,}\n}',
    /^"\S*panel.mjs" cannot be loaded: Unexpected token ','; node --check \S*panel.mjs shows where$/,
  ],
  ['throws', '\nthrow new Error("no")', /cannot be loaded: no at panel.mjs:2:7$/],
  [
    'imports what is not there',
    'import "nowhere"',
    /cannot be loaded: Cannot find package 'nowhere' imported from (\S+)\/panel.mjs; npm install nowhere in \1$/,
  ],
  [
    'imports this package, which is not there',
    'import { defineService } from "sluice/http"',
    /imported from \S+; leave out defineService, or have this package beside the module$/,
  ],
  ['exports nothing', 'export const a = 1', /expected a default export such as \{ routes: \{ … \} \}, got undefined$/],
  ['exports a list', 'export default []', /expected a default export/],
  [
    'has an unknown part',
    'export default { rutes: {} }',
    /unknown part "rutes"; there are options, routes, sockets, timers, start, stop$/,
  ],
  [
    'has a route without a method',
    `export default { routes: { '/a': () => 1 } }`,
    /^route "\/a": expected a method and a path/,
  ],
  [
    'has a route to nothing',
    `export default { routes: { 'GET /a': 1 } }`,
    /^route "GET \/a": expected a function, or \{ body, handle \}$/,
  ],
  [
    'has a schema that is none',
    `export default { routes: { 'GET /a': { body: { type: 'txt' }, handle() {} } } }`,
    /^route "GET \/a": body: expected a JSON Schema; /,
  ],
  [
    'has a socket without a path',
    `export default { sockets: { live: {} } }`,
    /^socket "live": expected a path such as "\/live"$/,
  ],
  [
    'has a socket that is a function',
    `export default { sockets: { '/live': () => 1 } }`,
    /^socket "\/live": expected functions by the names open, message and close$/,
  ],
  [
    'has a socket with a handler of an unknown name',
    `export default { sockets: { '/live': { onOpen() {} } } }`,
    /^socket "\/live": expected functions by the names/,
  ],
  [
    'has a socket with a handler that is none',
    `export default { sockets: { '/live': { open: 'hello' } } }`,
    /^socket "\/live": expected functions by the names/,
  ],
  [
    'has a timer without a time',
    `export default { timers: { 'often': () => 1 } }`,
    /^timer "often": expected an interval of at least 10ms/,
  ],
  [
    'has a timer that is too fast',
    `export default { timers: { 'every 1ms': () => 1 } }`,
    /^timer "every 1ms": expected an interval/,
  ],
  [
    'has a timer for nothing',
    `export default { timers: { 'every 1s': 1 } }`,
    /^timer "every 1s": expected a function$/,
  ],
  [
    'does not start',
    'export default {\n  start() {\n    throw new Error("no scale")\n  }\n}',
    /^start of "\S*panel.mjs": no scale at panel.mjs:3:11$/,
  ],
  [
    'takes other options',
    `export default { options: { properties: { a: { type: 'number' } } } }`,
    /^options\/a: must be number$/,
  ],
]
for (const [what, text, message] of wrong) {
  test(`a module that ${what} fails its server, which says so`, async (t) => {
    const module = join(folderOf(t, { 'panel.mjs': text }), 'panel.mjs')
    assert.match((await failure(module)) ?? 'it runs', message)
  })
}

test('a module that was put right is loaded anew when its server tries again', async (t) => {
  const module = join(folderOf(t, { 'panel.mjs': 'throw new Error("first")' }), 'panel.mjs')
  const stage = stageOf(module)
  await assert.rejects(async () => stage.run?.(AbortSignal.abort()), /cannot be loaded: first at/)
  writeFileSync(module, 'export default {}')
  utimesSync(module, 1, 1)
  await stage.run?.(AbortSignal.abort())
})

test('requests are told to come back while a service does not run', async (t) => {
  const module = join(folderOf(t, { 'panel.mjs': 'throw new Error("no")' }), 'panel.mjs')
  const stage = stageOf(module)
  // Its server would end with it: this one asks it without running it.
  const asking: Stage = { handle: (exchange) => stage.handle?.(exchange) ?? false }
  const { url } = await startServer(t, { stages: [asking] })
  const before = await fetch(url)
  assert.deepEqual([before.status, before.headers.get('retry-after')], [503, '10'])
  const run = stage.run?.(new AbortController().signal)
  const [meanwhile] = await Promise.all([fetch(url), assert.rejects(async () => run, /cannot be loaded: no/)])
  assert.equal(meanwhile.status, 503)
})

async function failure(module: string): Promise<string | undefined> {
  const stage = stageOf(module, { options: { a: 'text' } })
  return stage.run?.(AbortSignal.abort()).then(() => undefined, messageOf)
}

function stageOf(module: string, raw: { readonly [option: string]: unknown } = {}): Stage {
  return service.create(optionsOf(service, { module, ...raw }), new RecordingInputContext())
}
