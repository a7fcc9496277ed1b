import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import type { Stage } from '../../../src/http/index.js'
import { hasDotSegment, normalPath } from '../../../src/http/normal-path.js'
import { rawAnswer } from '../../support/raw-http.js'
import { startServer } from '../../support/http-server.js'

test('all spellings of a path come to one, which stays as it is', () => {
  const spellings: readonly (readonly [string, string])[] = [
    ['/admin/x', '/admin/x'],
    ['/%61dmi%6E/x', '/admin/x'],
    ['/a%2fb', '/a%2Fb'],
    ['/a%2525', '/a%2525'],
    ['/a%40b%zz', '/a@b%zz'],
    ['/"a"', '/%22a%22'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/café', '/caf%C3%A9'],
  ]
  for (const [path, normal] of spellings) assert.equal(normalPath(path), normal, path)
})

test('escaping any character of a path changes nothing of it', () => {
  const chars = fc.stringMatching(/^[\w.~!$&'()*+,;=:@ "<>^`{|}-]{1,20}$/)
  const escaped = (char: string): string => `%${char.charCodeAt(0).toString(16)}`
  fc.assert(
    fc.property(chars, fc.infiniteStream(fc.boolean()), (text, coins) => {
      const mixed = Array.from(text, (char) => (coins.next().value === true ? escaped(char) : char)).join('')
      assert.equal(normalPath(`/${mixed}`), normalPath(`/${text}`))
      assert.equal(normalPath(normalPath(`/${mixed}`)), normalPath(`/${mixed}`))
    }),
  )
})

test('dots are found however they are written, and names with dots are none', () => {
  for (const path of ['/..', '/a/../b', '/a/./b', '/%2e%2E/a', '/.%2e/', '/a/.']) assert.ok(hasDotSegment(path), path)
  for (const path of ['/...', '/.well-known/a', '/a..', '/a/..b/c', '/']) assert.ok(!hasDotSegment(path), path)
})

test('what is behind a path cannot be reached by another spelling of it, and a path with dots or with two slashes is no path', async (t) => {
  const closed: Stage = { onRequest: (exchange) => exchange.reply(403) }
  const open: Stage = { handle: (exchange) => exchange.reply(200) }
  const guard = { id: 'guard', path: '/private', stage: closed }
  const { port, context } = await startServer(t, { stages: [guard, open] })
  const statusOf = async (path: string): Promise<string> => (await rawAnswer(port, path)).slice(9, 12)
  assert.equal(await statusOf('/public'), '200')
  assert.equal(await statusOf('/private'), '403')
  assert.equal(await statusOf('/%70rivate/x'), '403')
  assert.equal(await statusOf('/public/../private'), '400')
  assert.equal(await statusOf('http://host/%2e%2e/private'), '400')
  assert.equal(await statusOf('//private'), '400')
  assert.equal(context.counted['refused_bad_path'], 3)
})
