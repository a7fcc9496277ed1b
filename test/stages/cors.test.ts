import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'

import { HttpError } from '../../src/http/index.js'
import cors from '../../stages/cors/index.js'
import { originTest } from '../../stages/cors/origins.js'
import { startServer } from '../support/http-server.js'
import { greeting, placedStage } from '../support/stages.js'

type Raw = { readonly [name: string]: unknown }

const panel = 'https://panel.example'
const preflight = { method: 'OPTIONS', headers: { origin: panel, 'access-control-request-method': 'PUT' } }

const serving = async (t: TestContext, raw: Raw): Promise<string> =>
  (await startServer(t, { stages: [placedStage(cors, raw), greeting] })).url

const corsHeaders = ({ headers }: Response): { readonly [name: string]: string } =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'))

describe('the cors stage', () => {
  test('a preflight is told what is allowed, and no other stage is asked', async (t) => {
    const url = await serving(t, {
      origins: panel,
      methods: ['GET', 'PUT'],
      headers: ['authorization', 'x-a'],
      max_age: '1m',
    })
    const answer = await fetch(url, preflight)
    assert.deepEqual([answer.status, await answer.text()], [204, ''])
    assert.deepEqual(corsHeaders(answer), {
      'access-control-allow-origin': panel,
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'authorization, x-a',
      'access-control-max-age': '60',
      vary: 'Origin',
    })
  })

  test('answers of other stages say that a page of an allowed origin may read them', async (t) => {
    const url = await serving(t, { origins: panel, credentials: 'on', expose_headers: 'x-total' })
    const answer = await fetch(url, { headers: { origin: panel } })
    assert.equal(await answer.text(), 'hello')
    assert.deepEqual(corsHeaders(answer), {
      'access-control-allow-origin': panel,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total',
      vary: 'Origin',
    })
  })

  test('an answer that refuses may be read too', async (t) => {
    const refusing = {
      onRequest: () => {
        throw new HttpError(401, 'who are you?')
      },
    }
    const { url } = await startServer(t, { stages: [placedStage(cors, { origins: panel }), refusing] })
    const answer = await fetch(url, { headers: { origin: panel } })
    assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [401, panel])
  })

  test('a page of another origin is told nothing, and its preflight refused', async (t) => {
    const { url, context } = await startServer(t, { stages: [placedStage(cors, { origins: panel }), greeting] })
    const origin = 'https://evil.example'
    const simple = await fetch(url, { headers: { origin } })
    assert.deepEqual([simple.status, corsHeaders(simple)], [200, { vary: 'Origin' }])
    const asked = await fetch(url, { ...preflight, headers: { ...preflight.headers, origin } })
    assert.deepEqual([asked.status, corsHeaders(asked)], [403, { vary: 'Origin' }])
    assert.deepEqual(context.counted, { refused_denied_origin: 1 })
  })

  test('caches are told that the origin counts, of requests without one too; not where all are allowed', async (t) => {
    assert.equal((await fetch(await serving(t, { origins: panel }))).headers.get('vary'), 'Origin')
    const answer = await fetch(await serving(t, { origins: '*' }), { headers: { origin: panel } })
    assert.deepEqual(corsHeaders(answer), { 'access-control-allow-origin': '*' })
  })

  test('OPTIONS that is no preflight goes on to the other stages', async (t) => {
    const answer = await fetch(await serving(t, { origins: panel }), { method: 'OPTIONS', headers: { origin: panel } })
    assert.deepEqual([answer.status, await answer.text()], [200, 'hello'])
  })

  test('a star stands for labels of a host, and for nothing else', () => {
    const allows = originTest(['https://*.example:8443', 'https://[::1]:81', 'null'])
    for (const origin of ['https://a.example:8443', 'https://a.b-c.example:8443', 'https://[::1]:81', 'null'])
      assert.ok(allows(origin), origin)
    const others = [
      'https://example:8443',
      'https://.example:8443',
      'https://a.example',
      'http://a.example:8443',
      'https://evil.com/.example:8443',
      'https://evil.com#.example:8443',
      'https://a..example:8443',
      'https://aexample:8443',
    ]
    for (const origin of others) assert.ok(!allows(origin), origin)
  })

  test('a dot of an origin is a dot', () => {
    assert.ok(!originTest(['https://a.b.example'])('https://aXb.example'))
    assert.ok(!originTest(['https://*.b.example'])('https://a.bXexample'))
  })

  test('an origin that no browser sends is told', () => {
    for (const origin of [
      'panel.example',
      'https://panel.example/',
      'https://a.*.example',
      'https://*',
      'https://PANEL',
      'https://*example',
    ])
      assert.throws(() => placedStage(cors, { origins: origin }), { code: 'CORS_ORIGIN' }, origin)
  })

  test('with credentials nothing may be open to all', () => {
    for (const raw of [{ origins: '*' }, { origins: panel, headers: '*' }, { origins: panel, methods: '*' }])
      assert.throws(() => placedStage(cors, { ...raw, credentials: 'on' }), { code: 'CORS_CREDENTIALS' })
  })
})
