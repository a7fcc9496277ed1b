import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'

import { type RunningServiceServer, startService } from '../../support/service.js'

async function opened({ url }: RunningServiceServer, path: string): Promise<WebSocket> {
  const client = new WebSocket(url.replace('http', 'ws') + path)
  await once(client, 'open')
  return client
}

async function next(client: WebSocket): Promise<string> {
  const [data] = (await once(client, 'message')) as [Buffer]
  return data.toString()
}

test('a client is greeted, answered and told of what goes to all', async (t) => {
  const server = await startService(
    t,
    `export default {
      sockets: {
        '/live': {
          open: (socket) => socket.send({ hello: socket.query.get('name') }),
          message: (socket, message, service) => {
            if (typeof message !== 'string') socket.send(message)
            else service.broadcast('/live', message + '!')
          },
        },
        '/other': {},
      },
    }`,
    { raw: { path: '/panel' } },
  )
  const one = new WebSocket(`${server.url.replace('http', 'ws')}/panel/live?name=one`)
  assert.equal(await next(one), '{"hello":"one"}')
  const two = await opened(server, '/panel/live')
  const other = await opened(server, '/panel/other')
  other.on('message', () => assert.fail('it is on another path'))
  two.send('news')
  assert.deepEqual(await Promise.all([next(one), next(two)]), ['news!', 'news!'])
  two.send(Buffer.from('bytes'))
  assert.equal(await next(two), 'bytes')
  await assert.rejects(opened(server, '/panel/nowhere'), /404/)
  for (const client of [one, two, other]) client.terminate()
})

test('the service hears of the end of a socket, and can end one', async (t) => {
  const server = await startService(
    t,
    `export default { sockets: { '/a': {
      message: (socket) => socket.close(4000, 'enough'),
      close: (socket, service) => { service.emit('closed', { by: socket.query.get('by') }) },
    } } }`,
  )
  const left = await opened(server, '/a?by=client')
  left.close()
  await server.context.received(1)
  const ended = await opened(server, '/a?by=service')
  ended.send('x')
  const [code, reason] = (await once(ended, 'close')) as [number, Buffer]
  assert.deepEqual([code, reason.toString()], [4000, 'enough'])
  await server.context.received(2)
  assert.deepEqual(server.context.records, [{ by: 'client' }, { by: 'service' }])
})

test('a handler that throws ends its socket, and the log says which and where', async (t) => {
  const server = await startService(
    t,
    `export default { sockets: {
      '/bad': { open: () => Promise.reject(new Error('not open')) },
      '/worse': { message: () => { throw new Error('not read') } },
    } }`,
  )
  const bad = await opened(server, '/bad')
  assert.equal(((await once(bad, 'close')) as [number])[0], 1011)
  const worse = await opened(server, '/worse')
  worse.send('x')
  assert.equal(((await once(worse, 'close')) as [number])[0], 1011)
  assert.deepEqual(
    server.context.log.lines.map(({ message, fields }) => [message, fields?.['at']]),
    [
      ['socket /bad failed: not open', 'panel.mjs:2:44'],
      ['socket /worse failed: not read', 'panel.mjs:3:42'],
    ],
  )
})

test('there are no more sockets than there may be, and no longer messages', async (t) => {
  const server = await startService(t, `export default { sockets: { '/a': {} } }`, {
    raw: { max_sockets: 1, max_message_size: 10 },
  })
  const one = await opened(server, '/a')
  await assert.rejects(opened(server, '/a'), /503/)
  one.send('x'.repeat(11))
  assert.equal(((await once(one, 'close')) as [number])[0], 1009)
  const again = await opened(server, '/a')
  again.terminate()
})

test('sockets are told when the agent stops', async (t) => {
  const server = await startService(t, `export default { sockets: { '/a': {} } }`)
  const client = await opened(server, '/a')
  const closed = once(client, 'close') as Promise<[number]>
  await server.stop()
  assert.equal((await closed)[0], 1001)
})
