import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hashPassword } from '../../../src/base/password-hash.js'
import { parseTokens, parseUsers } from '../../../stages/auth/lines.js'

const text = await hashPassword('right', { logN: 4, r: 8, p: 1 })

test('lines that cannot be read are told by their number, and not shown', () => {
  const digest = 'a'.repeat(64)
  const wrong: readonly (readonly [(content: string) => unknown, string])[] = [
    [parseUsers, `ann:${text}\nann:${text}`],
    [parseUsers, 'ok\n'],
    [parseUsers, `:${text}`],
    [parseUsers, `\nsecret:$2b$secret`],
    [parseTokens, 'tool:secret'],
    [parseTokens, `tool:${digest}:a:b`],
    [parseTokens, `a:${digest}\nb:${digest}`],
  ]
  for (const [parse, content] of wrong)
    assert.throws(
      () => parse(content),
      (error: Error & { readonly code?: string }) =>
        error.code === 'AUTH_LINE' && /^line [12]: expected/.test(error.message) && !/secret/.test(error.message),
      content,
    )
})
