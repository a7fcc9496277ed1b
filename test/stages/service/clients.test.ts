import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { startService } from '../../support/service.js'

const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined

/** Stand-ins for the packages, as they would be installed beside the module; each notes what becomes of it. */
const files = {
  'node_modules/ioredis/index.js': `const { EventEmitter } = require('node:events')
    module.exports = class Redis extends EventEmitter {
      constructor(settings) { super(); this.is = 'ioredis ' + settings.host }
      disconnect() { globalThis.closedClients.push('ioredis') }
    }`,
  'node_modules/mysql2/promise.js': `exports.createPool = ({ host }) => (
    { is: 'mysql2 ' + host, end: async () => { globalThis.closedClients.push('mysql2'); throw new Error('gone already') } })`,
  'node_modules/pg/index.js': `const { EventEmitter } = require('node:events')
    exports.Pool = class extends EventEmitter {
      constructor({ host }) { super(); this.is = 'pg ' + host }
      async end() { globalThis.closedClients.push('pg') }
    }`,
}
const redisFiles = {
  'node_modules/redis/index.js': `const { EventEmitter } = require('node:events')
    exports.createClient = ({ url }) => Object.assign(new EventEmitter(), {
      is: 'redis ' + url, connect: async () => { throw new Error('no server yet') }, destroy: () => globalThis.closedClients.push('redis'),
    })`,
}

const asking = `export default {
  routes: { 'GET /:kind': async ({ params, query }, service) => {
    const client = await service.client(params.kind, { host: 'h', url: 'u' })
    if (query.has('fail')) client.emit('error', new Error('the link is down'))
    return client.is
  } },
}`

function closedClients(): string[] {
  const shared = globalThis as { closedClients?: string[] }
  shared.closedClients = []
  return shared.closedClients
}

test('clients are made of the packages beside the module, and closed when the service stops', async (t) => {
  const closed = closedClients()
  const { url, context, stop } = await startService(t, asking, { files })
  const client = async (kind: string): Promise<unknown> => (await fetch(`${url}/${kind}`)).json()
  assert.deepEqual(
    [await client('redis'), await client('mysql'), await client('postgres')],
    ['ioredis h', 'mysql2 h', 'pg h'],
  )
  assert.deepEqual(closed, [])
  await stop()
  assert.deepEqual(closed, ['ioredis', 'mysql2', 'pg'])
  assert.deepEqual(
    context.log.lines.map(({ message }) => message),
    ['a client could not be closed: gone already'],
  )
})

test('an error event of a client is a line in the log, and not the end of the agent', async (t) => {
  closedClients()
  const { url, context } = await startService(t, asking, {
    files: { ...redisFiles, 'node_modules/pg/index.js': files['node_modules/pg/index.js'] },
  })
  assert.equal(await (await fetch(`${url}/redis?fail`)).json(), 'redis u')
  assert.equal(await (await fetch(`${url}/postgres?fail`)).json(), 'pg h')
  assert.deepEqual(
    context.log.lines.map(({ level, message }) => [level, message]),
    [
      ['warn', 'client redis: no server yet'],
      ['warn', 'client redis: the link is down'],
      ['warn', 'client postgres: the link is down'],
    ],
  )
})

test('a package that is not there is told with what to install, and where', async (t) => {
  const { url, context, folder } = await startService(t, asking)
  for (const kind of ['redis', 'mysql', 'oracle']) assert.equal((await fetch(`${url}/${kind}`)).status, 500)
  assert.deepEqual(
    context.log.lines.map(({ message }) => message),
    [
      `GET /:kind failed: client "redis": expected ioredis or redis, got none; npm install ioredis in ${folder}`,
      `GET /:kind failed: client "mysql": expected mysql2, got none; npm install mysql2 in ${folder}`,
      'GET /:kind failed: client: expected one of sqlite, redis, mysql, postgres, got "oracle"',
    ],
  )
})

test(
  'a database of SQLite is a file beside the module',
  { skip: !hasSqlite && 'this Node has no node:sqlite' },
  async (t) => {
    const { url, folder } = await startService(
      t,
      `let db
    export default {
      start: async (service) => {
        db = await service.client('sqlite', { path: 'panel.db' })
        db.exec('CREATE TABLE labels (name TEXT, label TEXT)')
      },
      routes: {
        'PUT /': () => { db.prepare('INSERT INTO labels VALUES (?, ?)').run('a', 'b') },
        'GET /': () => db.prepare('SELECT * FROM labels').all(),
      },
    }`,
    )
    await fetch(url, { method: 'PUT' })
    assert.deepEqual(await (await fetch(url)).json(), [{ name: 'a', label: 'b' }])
    assert.ok(existsSync(join(folder, 'panel.db')))
  },
)

test('where Node has no SQLite, better-sqlite3 does', { skip: hasSqlite && 'this Node has one' }, async (t) => {
  const { url, folder } = await startService(
    t,
    `export default { routes: { 'GET /': async (_, service) => {
      await service.client('sqlite', {})
    }, 'GET /db': async (_, service) => (await service.client('sqlite', { path: 'a.db', readonly: true })).given } }`,
    {
      files: {
        'node_modules/better-sqlite3/index.js':
          'module.exports = class { constructor(...given) { this.given = given } close() {} }',
      },
    },
  )
  assert.deepEqual(await (await fetch(`${url}/db`)).json(), [join(folder, 'a.db'), { readonly: true }])
  assert.equal((await fetch(url)).status, 500)
})
