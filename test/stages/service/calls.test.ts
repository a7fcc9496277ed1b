import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

import { startService } from '../../support/service.js'

const json = { 'content-type': 'application/json' }

/** The public surface, as a module of a user would import it by its name. */
const http = pathToFileURL(new URL('../../../src/http/index.js', import.meta.url).pathname).href

test('what a handler returns is the JSON of the answer, nothing is a 204, and it may answer by itself', async (t) => {
  const { url } = await startService(
    t,
    `export default { routes: {
      'GET /value/:name': ({ params, query, header }) => ({ ...params, q: query.get('q'), by: header('X-By') }),
      'GET /null': () => null,
      'GET /large': () => [5n, 2n ** 60n],
      'GET /nothing': () => undefined,
      'GET /text': async (call) => call.reply(201, 'text', { 'content-type': 'text/plain' }),
      'GET /page': (call) => call.html('<p>'),
      'GET /json': (call) => { call.json({ a: 1 }, 202); return 'not this' },
      'GET /problem': (call) => call.problem(409, 'taken'),
    } }`,
  )
  const rows = [
    ['/value/a%20b?q=1', 200, 'application/json', '{"name":"a b","q":"1","by":"me"}\n'],
    ['/null', 200, 'application/json', 'null\n'],
    ['/large', 200, 'application/json', '[5,"1152921504606846976"]\n'],
    ['/nothing', 204, null, ''],
    ['/text', 201, 'text/plain', 'text'],
    ['/page', 200, 'text/html; charset=utf-8', '<p>'],
    ['/json', 202, 'application/json', '{"a":1}\n'],
    ['/problem', 409, 'application/problem+json', '{"title":"Conflict","status":409,"detail":"taken"}\n'],
  ] as const
  for (const [path, ...expected] of rows) {
    const answer = await fetch(url + path, { headers: { 'x-by': 'me' } })
    assert.deepEqual([answer.status, answer.headers.get('content-type'), await answer.text()], expected, path)
  }
})

test('its paths are below that of its stage, which leads to its first page without a slash too', async (t) => {
  const { url } = await startService(t, `export default { routes: { 'GET /': () => 'first', 'PUT /a': () => 'a' } }`, {
    raw: { path: '/panel' },
  })
  assert.equal(await (await fetch(`${url}/panel/`)).json(), 'first')
  const led = await fetch(`${url}/panel?a=b`, { redirect: 'manual' })
  assert.deepEqual([led.status, led.headers.get('location')], [308, '/panel/?a=b'])
  assert.equal(await (await fetch(`${url}/panel/a`, { method: 'PUT' })).json(), 'a')
  const wrong = await fetch(`${url}/panel/a`)
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'PUT'])
  assert.deepEqual([(await fetch(`${url}/a`)).status, (await fetch(`${url}/panel/b`)).status], [404, 404])
})

test('a body comes to the handler only if its schema takes it, with the defaults put in', async (t) => {
  const { url } = await startService(
    t,
    `const body = { type: 'object', required: ['label'], additionalProperties: false,
       properties: { label: { type: 'string', maxLength: 5 }, note: { enum: ['none', 'some', 3], default: 'none' } } }
     export default { routes: { 'POST /label': { body, handle: (call) => call.body } } }`,
  )
  const post = (text: string | Buffer, headers: { [name: string]: string } = json): Promise<Response> =>
    fetch(`${url}/label`, { method: 'POST', body: text, headers })
  assert.deepEqual(await (await post('{"label":"a"}')).json(), { label: 'a', note: 'none' })
  const wrong = await post('{"label":"too long"}')
  assert.equal(wrong.status, 422)
  const told = { detail: 'body/label: must NOT have more than 5 characters', pointer: '/label' }
  assert.deepEqual(await wrong.json(), { title: 'Unprocessable Entity', status: 422, ...told })
  const details = [
    ['{"label":"a","more":1}', 'body: must NOT have additional properties: "more"'],
    ['{"label":"a","note":"all"}', 'body/note: must be equal to one of the allowed values: "none", "some", 3'],
  ] as const
  for (const [text, detail] of details) {
    const refused = (await (await post(text)).json()) as { readonly detail: string }
    assert.equal(refused.detail, detail)
  }
  const rows = [
    ['{}', json, 422],
    ['{"label":"a","b":1}', json, 422],
    ['{"label"', json, 400],
    ['', json, 400],
    ['label=a', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['{"label":"a"}', { 'content-type': 'text/plain' }, 415],
    ['{"label":"a"}', { ...json, 'content-encoding': 'gzip' }, 415],
    ['{"label":"a"}', { 'content-type': 'Application/JSON; charset=utf-8' }, 200],
  ] as const
  for (const [text, headers, status] of rows) assert.equal((await post(text, headers)).status, status, text)
})

test('a handler that throws costs its caller a 500, and the log says which and where', async (t) => {
  const { url, context } = await startService(
    t,
    `import { HttpError } from '${http}'
     export default { routes: {
      'GET /bug': () => {
        throw new Error('a bug')
      },
      'GET /late': () => Promise.reject(new Error('a late bug')),
      'GET /half': ({ exchange }) => {
        exchange.response.write('half')
        throw new Error('half way')
      },
      'GET /nameless': () => { throw undefined },
      'GET /teapot': () => { throw new HttpError(418, 'short and stout') },
      'GET /well': () => 'well',
    } }`,
  )
  assert.deepEqual([(await fetch(`${url}/bug`)).status, (await fetch(`${url}/late`)).status], [500, 500])
  await assert.rejects((async () => (await fetch(`${url}/half`)).text())())
  assert.equal((await fetch(`${url}/nameless`)).status, 500)
  assert.equal((await fetch(`${url}/teapot`)).status, 418)
  assert.equal(await (await fetch(`${url}/well`)).json(), 'well')
  assert.deepEqual(
    context.log.lines.map(({ level, message, fields }) => [level, message, fields?.['at']]),
    [
      ['error', 'GET /bug failed: a bug', 'panel.mjs:4:15'],
      ['error', 'GET /late failed: a late bug', 'panel.mjs:6:41'],
      ['error', 'GET /half failed: half way', 'panel.mjs:9:15'],
      ['error', 'GET /nameless failed: undefined', undefined],
    ],
  )
  assert.equal(context.counted['failed_calls'], 4)
})
