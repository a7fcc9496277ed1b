import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queryOf, secretsOf, withoutSecrets } from '../../../src/http-client/secrets.js'

test('what a server repeats of the credentials is taken out of its answer', () => {
  const credentials = { http_passwd: 'hunter2' }
  const authorization = `Basic ${Buffer.from('me:hunter2').toString('base64')}`
  const secrets = secretsOf({ authorization, 'x-api-key': 'k-123', 'x-site': 'north' }, credentials)
  const answer = `bad ${authorization} for hunter2 with k-123 at north`
  assert.equal(withoutSecrets(answer, secrets), 'bad *** for *** with *** at north')
})

test('a query counts as a secret, whatever it holds', () => {
  assert.deepEqual(queryOf('/in?token=a?b'), ['token=a?b'])
  assert.deepEqual(queryOf('/in'), [])
})
