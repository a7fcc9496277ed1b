import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { startMariadb, startPostgres, startRedis } from '../../support/databases.js'
import { peer } from '../../support/peers.js'
import { startService } from '../../support/service.js'

interface Labels {
  readonly kind: string
  readonly package: string
  readonly settings: object
  /** How the service keeps a label, and what it answers to it. */
  readonly put: string
  readonly get: string
}

/** What a service answers that was given a label for a sensor. */
async function labelOf(t: TestContext, { kind, settings, put, get, ...labels }: Labels): Promise<unknown> {
  const open = `const client = await service.client('${kind}', ${JSON.stringify(settings)})`
  const text = `export default { routes: {
    'PUT /:name': { body: { type: 'object' }, handle: async ({ params, body }, service) => { ${open}; ${put} } },
    'GET /:name': async ({ params }, service) => { ${open}; ${get} },
  } }`
  const { url, context, stop } = await startService(t, text, { packages: [labels.package] })
  const body = JSON.stringify({ label: 'Boiler, upper end' })
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`${url}/t1`, { method: 'PUT', body, headers })
  assert.equal(status, 204, JSON.stringify(context.log))
  const answer: unknown = await (await fetch(`${url}/t1`)).json()
  await stop()
  assert.deepEqual(context.log.lines, [])
  return answer
}

const kept = { label: 'Boiler, upper end' }
const table = `await client.query('CREATE TABLE IF NOT EXISTS labels (name VARCHAR(80) PRIMARY KEY, label TEXT)')`

for (const name of ['ioredis', 'redis'])
  test(`a service keeps labels in Redis, by ${name}`, { skip: peer('redis-server').skip }, async (t) => {
    const port = await startRedis(t)
    const settings = { host: '127.0.0.1', port, url: `redis://127.0.0.1:${port}` }
    const put = 'await client.set(params.name, body.label)'
    const get = 'return { label: await client.get(params.name) }'
    assert.deepEqual(await labelOf(t, { kind: 'redis', package: name, settings, put, get }), kept)
  })

test('a service keeps labels in MariaDB', { skip: peer('mariadbd').skip }, async (t) => {
  const settings = { host: '127.0.0.1', port: await startMariadb(t), user: 'panel', database: 'test' }
  const put = `${table}; await client.execute('INSERT INTO labels VALUES (?, ?)', [params.name, body.label])`
  const get = `const [found] = await client.execute('SELECT label FROM labels WHERE name = ?', [params.name]); return found[0]`
  assert.deepEqual(await labelOf(t, { kind: 'mysql', package: 'mysql2', settings, put, get }), kept)
})

test('a service keeps labels in PostgreSQL', { skip: peer('initdb').skip }, async (t) => {
  const settings = { host: '127.0.0.1', port: await startPostgres(t), user: 'panel', database: 'postgres' }
  const put = `${table}; await client.query('INSERT INTO labels VALUES ($1, $2)', [params.name, body.label])`
  const get = `const { rows } = await client.query('SELECT label FROM labels WHERE name = $1', [params.name]); return rows[0]`
  assert.deepEqual(await labelOf(t, { kind: 'postgres', package: 'pg', settings, put, get }), kept)
})
