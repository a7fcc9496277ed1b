import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import fc from 'fast-check'

import type { Stage } from '../../src/http/index.js'
import rewrite from '../../stages/rewrite/index.js'
import { rewritten } from '../../stages/rewrite/rewrite.js'
import { readRules } from '../../stages/rewrite/rules.js'
import { startServer } from '../support/http-server.js'
import { rawAnswer } from '../support/raw-http.js'
import { placedStage } from '../support/stages.js'

/** Tells the path that it sees. */
const mirror: Stage = { handle: (exchange) => exchange.reply(200, `${exchange.path}?${exchange.query}`) }

const serving = async (t: TestContext, rules: readonly string[]) =>
  startServer(t, { stages: [placedStage(rewrite, { rules }), mirror] })

const seen = async (url: string): Promise<string> => (await fetch(url)).text()

describe('the rewrite stage', () => {
  test('later stages see the path that the first matching rule makes, with its groups', async (t) => {
    const { url } = await serving(t, ['^/old/(\\d+)(/.*)?$ /new/$2/$1', '^/old/ /gone', '^/new/ /never'])
    assert.equal(await seen(`${url}/old/12`), '/new//12?')
    assert.equal(await seen(`${url}/old/12/x`), '/new//x/12?')
    assert.equal(await seen(`${url}/old/x`), '/gone?')
    assert.equal(await seen(`${url}/other`), '/other?')
  })

  test('a query stays, and one of the rule goes before it', async (t) => {
    const { url } = await serving(t, ['^/item/(\\d+)$ /item?id=$1', '^/a$ /b'])
    assert.equal(await seen(`${url}/item/7?x=1`), '/item?id=7&x=1')
    assert.equal(await seen(`${url}/item/7`), '/item?id=7')
    assert.equal(await seen(`${url}/a?x=1`), '/b?x=1')
  })

  test('a rule is not evaded by another spelling of the path', async (t) => {
    const { url } = await serving(t, ['^/old/(.*)$ /new/$1'])
    assert.equal(await seen(`${url}/%6fld/a%20b`), '/new/a%20b?')
  })

  test('no path leads to another host, and none upwards', async (t) => {
    const { port } = await serving(t, ['^/go/(.*)$ /$1', '^/up/(.*)-(.*)$ /$1$2/secret'])
    assert.match(await rawAnswer(port, '/go/\\evil.example'), /\n\/(?:%5C|\\)evil\.example\?/)
    assert.match(await rawAnswer(port, '/go//evil.example/a'), /^HTTP\/1.1 400 /)
    assert.match(await rawAnswer(port, '/up/.-a'), /\n\/\.a\/secret\?/)
    assert.match(await rawAnswer(port, '/up/.-.'), /^HTTP\/1.1 400 /)
    assert.match(await rawAnswer(port, '/up/%2e-.'), /^HTTP\/1.1 400 /)
  })

  test('whatever is asked for, the result begins with one slash', () => {
    const rules = readRules(['(.*) /$1'])
    fc.assert(
      fc.property(fc.stringMatching(/^\/[/\\a.%@:]{0,12}$/), (path) => {
        assert.match(rewritten(rules, { path, query: '' })?.path ?? '', /^\/(?!\/)/)
      }),
      { numRuns: 2000 },
    )
  })

  test('a rule that cannot be read is told', () => {
    for (const rule of [
      '',
      '^/a$',
      '^/a$ b',
      '^/a$ //b',
      '^/a$ /\\b',
      '^/a$ http://b/',
      '^/a$ /b c',
      '^/a$ /b?c?d',
      '^/a$ /b#c',
    ])
      assert.throws(() => placedStage(rewrite, { rules: [rule] }), { code: 'REWRITE_RULE' }, rule)
    assert.throws(() => placedStage(rewrite, { rules: ['^/(a$ /b'] }), { code: 'REGEX_INVALID' })
  })
})
