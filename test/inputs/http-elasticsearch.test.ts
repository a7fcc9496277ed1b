import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { Client } from '@elastic/elasticsearch'

import { ingesting } from '../support/http-ingest.js'

interface Reading {
  readonly [field: string]: unknown
}

const readings: readonly Reading[] = Array.from({ length: 250 }, (_, n) => ({ n, text: 'ü'.repeat(50) }))

function clientOf(t: TestContext, node: string, compression = false): Client {
  const client = new Client({ node, compression, maxRetries: 0 })
  t.after(() => client.close())
  return client
}

for (const compression of [false, true]) {
  test(`the client of Elastic sends documents in bulk, ${compression ? 'compressed' : 'as they are'}`, async (t) => {
    const { url, events, agent } = await ingesting(t, { input: { tag: 'docs' } })
    const client = clientOf(t, url, compression)
    const { total, successful, failed } = await client.helpers.bulk<Reading>({
      datasource: [...readings],
      flushBytes: 4000,
      onDocument: () => ({ create: { _index: 'readings' } }),
    })
    assert.deepEqual([total, successful, failed], [250, 250, 0])
    assert.deepEqual(new Set(events.map(({ tag }) => tag)), new Set(['docs']))
    const numbers = events.map(({ record }) => Number(record['n']))
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      readings.map(({ n }) => n),
    )
    assert.deepEqual(agent.ledger.inputs['http.0']?.counters, {})
  })
}

test('the client of Elastic takes what answers for Elasticsearch, and learns what was refused', async (t) => {
  const { url, post, events } = await ingesting(t)
  const client = clientOf(t, url)
  assert.equal((await client.info()).tagline, 'You Know, for Search')
  const wrong: string[] = []
  const { successful, failed } = await client.helpers.bulk<Reading | string>({
    datasource: [{ n: 1 }, '7', { n: 3 }],
    onDocument: () => ({ index: { _index: 'readings' } }),
    onDrop: ({ status, document }) => void wrong.push(`${status} ${JSON.stringify(document)}`),
  })
  assert.deepEqual([successful, failed, wrong], [2, 1, ['400 7']])
  assert.deepEqual(
    events.map(({ record }) => record['n']),
    [1, 3],
  )
  const ndjson = { 'content-type': 'application/x-ndjson' }
  const torn = await post('/_bulk', '{"index":{}}\n{"n":1}\n{"what":{}}\n', ndjson)
  assert.equal(torn.status, 400)
  assert.equal(torn.headers.get('x-elastic-product'), 'Elasticsearch')
  assert.match((JSON.parse(torn.text) as { error: { type: string } }).error.type, /illegal_argument_exception/)
})

test('Filebeat finds what it asks for, then sends with the ids of its documents', async (t) => {
  const { url, post, events } = await ingesting(t)
  assert.equal((await fetch(url, { method: 'HEAD' })).status, 200)
  const about = await fetch(url)
  assert.equal(about.headers.get('x-elastic-product'), 'Elasticsearch')
  const { version } = (await about.json()) as { version: { number: string } }
  assert.match(version.number, /^8\./)
  const license = await fetch(`${url}/_license?human=false`)
  const { status, type } = ((await license.json()) as { license: { status: string; type: string } }).license
  assert.deepEqual([license.status, status, type], [200, 'active', 'basic'])
  for (const setup of ['_ilm/policy/filebeat', '_index_template/filebeat-8.0.0', '_data_stream/filebeat-8.0.0']) {
    for (const method of ['HEAD', 'GET', 'PUT'])
      assert.equal((await fetch(`${url}/${setup}`, { method })).status, 200, `${method} ${setup}`)
  }
  const body =
    '{"create":{"_index":"filebeat-8.0.0","_id":"a1"}}\n{"@timestamp":"2023-11-14T22:13:20.000Z","message":"up"}\n'
  const bulk = '/_bulk?filter_path=errors%2Citems.%2A.error%2Citems.%2A.status'
  const answer = await post(bulk, body, { 'content-type': 'application/json', 'x-elastic-product-origin': 'beats' })
  const { errors, items } = JSON.parse(answer.text) as { errors: boolean; items: readonly object[] }
  const [item] = items as readonly { readonly create: { readonly [name: string]: unknown } }[]
  assert.deepEqual([answer.status, errors, item?.create['_id'], item?.create['status']], [200, false, 'a1', 201])
  assert.deepEqual(
    events.map(({ record }) => record['message']),
    ['up'],
  )
})
