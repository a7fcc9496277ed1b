import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

import { isPassword, parsePasswordHash } from '../../src/base/password-hash.js'
import { root } from '../support/source-tree.js'

const password = (args: readonly string[], input: string) =>
  spawnSync(process.execPath, [join(root, 'dist/src/cli/main.js'), 'password', ...args], { input, encoding: 'utf8' })

test('sluice password prints the line of a user, of the first line that it reads', async () => {
  const { stdout, status, stderr } = password(['ann'], 'correct horse\nsecond\n')
  assert.deepEqual([status, stderr], [0, ''])
  const [, name = '', hash = ''] = /^(.*?):(\$scrypt\$.*)\n$/.exec(stdout) ?? []
  assert.equal(name, 'ann')
  assert.ok(await isPassword('correct horse', parsePasswordHash(hash)))
  assert.ok(!stdout.includes('horse'))
})

test('a name that a line could not hold, and no password at all, are wrong command lines', () => {
  for (const [args, input] of [
    [[], 'x'],
    [['a:b'], 'x'],
    [['a', 'b'], 'x'],
    [['a'], ''],
    [['a'], '\n'],
  ] as const) {
    const { status, stdout, stderr } = password(args, input)
    assert.deepEqual([status, stdout], [64, ''])
    assert.match(stderr, /^error: password: expected /)
  }
})
