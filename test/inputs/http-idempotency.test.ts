import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { ingesting } from '../support/http-ingest.js'

const json = { 'content-type': 'application/json' }

interface Item {
  readonly index: { readonly status: number }
}

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

  test('the same key and body of devices that differ in what goes into the events are other requests', async (t) => {
    const options = { tag_header: 'X-Tag', header_fields: 'X-Device', query_fields: true }
    const input = await ingesting(t, { input: options })
    const post = async (query: string, headers: Record<string, string>): Promise<unknown> =>
      input.post(`/${query}`, '{"on":true}', { ...json, 'idempotency-key': '1', ...headers })
    const devices = [
      ['?site=north', {}],
      ['?site=south', {}],
      ['', { 'x-device': 'one' }],
      ['', { 'x-device': 'two' }],
      ['', { 'x-tag': 'pump' }],
    ] as const
    for (const [query, headers] of [...devices, ...devices]) await post(query, headers)
    assert.deepEqual(
      input.events.map(({ tag, record }) => ({ tag, ...record })),
      [
        { tag: 'http.0', on: true, site: 'north' },
        { tag: 'http.0', on: true, site: 'south' },
        { tag: 'http.0', on: true, 'x-device': 'one' },
        { tag: 'http.0', on: true, 'x-device': 'two' },
        { tag: 'pump', on: true },
      ],
    )
    assert.equal(input.agent.ledger.inputs['http.0']?.counters['repeated_requests'], 5)
  })

  test('who asks again is told of each event what the first was told', async (t) => {
    const input = await ingesting(t)
    const bulk = '{"index":{}}\n{"a":1}\n{"index":{}}\n{"a":\n'
    const told = async (): Promise<unknown> => {
      const { text } = await input.post('/_bulk', bulk, { ...json, 'idempotency-key': 'k' })
      const { errors, items } = JSON.parse(text) as { readonly errors: boolean; readonly items: readonly Item[] }
      return { errors, statuses: items.map(({ index }) => index.status) }
    }
    for (let asked = 0; asked < 2; asked++) assert.deepEqual(await told(), { errors: true, statuses: [201, 400] })
    assert.deepEqual(input.records, [{ a: 1 }])
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
