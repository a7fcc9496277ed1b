import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedHeaders, secretsOf, withoutSecrets } from '../../../outputs/http/headers.js'

const none = { http_user: undefined, http_passwd: undefined, bearer_token: undefined }

test('a user and a password become basic authentication', () => {
  const headers = fixedHeaders({ 'X-Site': 'north' }, { ...none, http_user: 'me', http_passwd: 'päss:word' })
  const authorization = `Basic ${Buffer.from('me:päss:word').toString('base64')}`
  assert.deepEqual(headers, { 'x-site': 'north', authorization })
})

test('a token becomes bearer authentication', () => {
  assert.deepEqual(fixedHeaders({}, { ...none, bearer_token: 'abc' }), { authorization: 'Bearer abc' })
})

const wrong: readonly [name: string, header: { [name: string]: string }, credentials: Partial<typeof none>, RegExp][] =
  [
    ['a name that is none', { 'X Site': 'north' }, {}, /expected a header's name, got "X Site"/],
    ['a value with a line break', { 'X-Site': 'a\r\nEvil: b' }, {}, /a character that no header may have/],
    ['a header of the connection', { 'Content-Length': '1' }, {}, /"Content-Length" is set by the output itself/],
    ['credentials given twice', { Authorization: 'x' }, { bearer_token: 'abc' } as never, /other credentials/],
    ['a user beside a token', {}, { http_user: 'me', bearer_token: 'abc' } as never, /http_user and other credentials/],
    ['a password without a user', {}, { http_passwd: 'secret' } as never, /expected http_user beside it/],
  ]

test('headers that cannot be sent are told before anything is sent', async (t) => {
  assert.ok(wrong.length > 0)
  for (const [name, header, credentials, message] of wrong) {
    await t.test(name, () => assert.throws(() => fixedHeaders(header, { ...none, ...credentials }), { message }))
  }
})

test('a message about the headers never holds a secret', () => {
  const token = 'abc\ndef'
  assert.throws(
    () => fixedHeaders({}, { ...none, bearer_token: token }),
    (error: Error) => !error.message.includes('abc'),
  )
})

test('what a server repeats of the credentials is taken out of its answer', () => {
  const credentials = { ...none, http_user: 'me', http_passwd: 'hunter2' }
  const headers = fixedHeaders({ 'X-Api-Key': 'k-123', 'X-Site': 'north' }, credentials)
  const secrets = secretsOf(headers, credentials)
  const answer = `bad ${headers['authorization']} for hunter2 with k-123 at north`
  assert.equal(withoutSecrets(answer, secrets), 'bad *** for *** with *** at north')
})
