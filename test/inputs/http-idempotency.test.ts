import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { ingesting } from '../support/http-ingest.js'

const json = { 'content-type': 'application/json' }

describe('Idempotency-Key', () => {
  test('a request that comes again makes no second copy', async (t) => {
    const input = await ingesting(t)
    const again = await Promise.all(
      Array.from({ length: 5 }, () => input.post('/', '{"a":1}', { ...json, 'idempotency-key': '"k1"' })),
    )
    assert.deepEqual(
      again.map(({ status }) => status),
      [201, 201, 201, 201, 201],
    )
    await input.post('/', '{"a":2}', { ...json, 'idempotency-key': '"k2"' })
    assert.deepEqual(input.records, [{ a: 1 }, { a: 2 }])
    assert.equal(input.agent.ledger.inputs['http.0']?.counters['repeated_requests'], 4)
  })

  test('the same key with another body is another request', async (t) => {
    const input = await ingesting(t)
    for (const n of [1, 2]) await input.post('/', `{"a":${n}}`, { ...json, 'idempotency-key': '1' })
    assert.deepEqual(input.records, [{ a: 1 }, { a: 2 }])
  })

  test('one that was refused is the first again', async (t) => {
    const input = await ingesting(t)
    const headers = { ...json, 'idempotency-key': 'k' }
    assert.equal((await input.post('/', '{"a":', headers)).status, 400)
    assert.equal((await input.post('/', '{"a":', headers)).status, 400)
    assert.equal((await input.post('/', '{"a":1}', headers)).status, 201)
    assert.deepEqual(input.records, [{ a: 1 }])
  })
})
