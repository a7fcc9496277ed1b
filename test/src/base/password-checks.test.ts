import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PasswordChecks } from '../../../src/base/password-checks.js'
import { hashPassword, parsePasswordHash } from '../../../src/base/password-hash.js'
import { FakeClock } from '../../support/fake-clock.js'

const text = await hashPassword('right', { logN: 4, r: 8, p: 1 })
const user = { text, hash: parsePasswordHash(text) }

test('a password that was right is not checked anew for a while', async () => {
  const clock = new FakeClock()
  const checks = new PasswordChecks({ clock, rememberMs: 1000 })
  const key = checks.keyOf('ann', 'right', user)
  assert.ok(!checks.isKnown(key))
  assert.ok(await checks.check(key, 'right', user))
  assert.ok(checks.isKnown(key))
  await clock.advance(1000)
  assert.ok(!checks.isKnown(key))
})

test('a password that was wrong is checked anew each time', async () => {
  const checks = new PasswordChecks({ clock: new FakeClock(), rememberMs: 1000 })
  const key = checks.keyOf('ann', 'wrong', user)
  assert.ok(!(await checks.check(key, 'wrong', user)))
  assert.ok(!checks.isKnown(key))
})

test('a key is of one name, one password and one line', () => {
  const checks = new PasswordChecks({ clock: new FakeClock(), rememberMs: 1000 })
  const keys = [
    ['ann', 'bc', 'x'],
    ['annb', 'c', 'x'],
    ['ann', 'bcx', ''],
    ['ann', 'bc', 'y'],
  ].map(([name = '', password = '', line = '']) => checks.keyOf(name, password, { ...user, text: line }))
  assert.equal(new Set(keys).size, 4)
})

test('no more passwords wait to be checked than the memory has room for', async () => {
  const checks = new PasswordChecks({ clock: new FakeClock(), rememberMs: 1000 })
  const all = await Promise.allSettled(
    Array.from({ length: 40 }, (_, at) => checks.check(checks.keyOf('ann', String(at), user), String(at), user)),
  )
  const refused = all.filter((each) => each.status === 'rejected')
  assert.equal(refused.length, 6)
  assert.equal((refused[0] as { readonly reason: { readonly code: string } }).reason.code, 'PASSWORD_BUSY')
  assert.ok(await checks.check(checks.keyOf('ann', 'right', user), 'right', user))
})
