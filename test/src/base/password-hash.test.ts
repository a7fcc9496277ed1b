import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'

import { hashPassword, isPassword, parsePasswordHash } from '../../../src/base/password-hash.js'

const cheap = { logN: 4, r: 8, p: 1 }

test('the password that was hashed is known again, and no other', async () => {
  const hash = parsePasswordHash(await hashPassword('pässword', cheap))
  assert.ok(await isPassword('pässword', hash))
  for (const other of ['', 'password', 'pässword ', 'PÄSSWORD']) assert.ok(!(await isPassword(other, hash)), other)
})

test('two hashes of one password differ', async () => {
  assert.notEqual(await hashPassword('a', cheap), await hashPassword('a', cheap))
})

test('a hash that another program made of the same numbers fits', async () => {
  const salt = Buffer.from('0123456789abcdef')
  const key = scryptSync('secret', salt, 64, { N: 16, r: 8, p: 1 })
  const text = `$scrypt$ln=4,r=8,p=1$${salt.toString('base64').replace(/=+$/, '')}$${key.toString('base64').replace(/=+$/, '')}`
  assert.ok(await isPassword('secret', parsePasswordHash(text)))
})

test('what is no hash, or would take too much to check, is refused without being shown', () => {
  const rest = `$${'a'.repeat(22)}$${'b'.repeat(43)}`
  const wrong = [
    '',
    'secret',
    `$scrypt$ln=14,r=8$${rest}`,
    `$scrypt$ln=30,r=8,p=1${rest}`,
    `$scrypt$ln=0,r=8,p=1${rest}`,
    `$scrypt$ln=18,r=32,p=1${rest}`,
    '$scrypt$ln=14,r=8,p=1$short$short',
    `$2b$10$${'a'.repeat(53)}`,
  ]
  for (const text of wrong)
    assert.throws(
      () => parsePasswordHash(text),
      (error: Error & { readonly code?: string }) =>
        error.code === 'PASSWORD_HASH' && (text.length < 6 || !error.message.includes(text)),
      text,
    )
})
