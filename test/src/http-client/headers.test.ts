import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationOf, checkedHeaders, type Credentials } from '../../../src/http-client/headers.js'

const none = { http_user: undefined, http_passwd: undefined, bearer_token: undefined, 'oauth2.enable': false }

function headersOf(given: { readonly [name: string]: string }, credentials: Partial<Credentials>): object {
  const headers = checkedHeaders(given)
  return { ...headers, ...authorizationOf({ ...none, ...credentials }, headers) }
}

test('a user and a password become basic authentication', () => {
  const authorization = `Basic ${Buffer.from('me:päss:word').toString('base64')}`
  const headers = headersOf({ 'X-Site': 'north' }, { http_user: 'me', http_passwd: 'päss:word' })
  assert.deepEqual(headers, { 'x-site': 'north', authorization })
})

test('a token becomes bearer authentication', () => {
  assert.deepEqual(headersOf({}, { bearer_token: 'abc' }), { authorization: 'Bearer abc' })
})

const wrong: readonly [name: string, header: { [name: string]: string }, Partial<Credentials>, RegExp][] = [
  ['a name that is none', { 'X Site': 'north' }, {}, /expected a header's name, got "X Site"/],
  ['a value with a line break', { 'X-Site': 'a\r\nEvil: b' }, {}, /a character that no header may have/],
  ['a header of the connection', { 'Content-Length': '1' }, {}, /"Content-Length" is set by the output itself/],
  ['credentials given twice', { Authorization: 'x' }, { bearer_token: 'abc' }, /other credentials/],
  ['a user beside a token', {}, { http_user: 'me', bearer_token: 'abc' }, /http_user and other credentials/],
  ['a token beside OAuth 2', {}, { bearer_token: 'a', 'oauth2.enable': true }, /oauth2 and other credentials/],
  ['a header beside OAuth 2', { Authorization: 'a' }, { 'oauth2.enable': true }, /oauth2 and other credentials/],
  ['a password without a user', {}, { http_passwd: 'secret' }, /expected http_user beside it/],
]

test('headers that cannot be sent are told before anything is sent', async (t) => {
  assert.ok(wrong.length > 0)
  for (const [name, header, credentials, message] of wrong) {
    await t.test(name, () => assert.throws(() => headersOf(header, credentials), { message }))
  }
})

test('a message about the headers never holds a secret', () => {
  assert.throws(
    () => headersOf({}, { bearer_token: 'abc\ndef' }),
    (error: Error) => !error.message.includes('abc'),
  )
})
