import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { fieldsOf, longestMs, readAll, startCan } from '../../support/can-run.js'
import { within } from '../../support/within.js'

/** A server that hands out the socket of whoever connects. */
async function listening(t: TestContext): Promise<{ port: number; next: () => Promise<Socket> }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const next = async (): Promise<Socket> => {
    const [socket] = (await once(server, 'connection')) as [Socket]
    t.after(() => socket.destroy())
    return socket
  }
  return { port: (server.address() as AddressInfo).port, next }
}

test('standard input is read to its end, in pieces of any size', async () => {
  const stdin = new PassThrough()
  const ended = readAll({ source: 'stdin' }, { stdin: () => stdin })
  for (const byte of '(1700000000.5) can0 123#11 R\n(1700000000.6) can0 124#22') stdin.write(byte)
  stdin.end()
  assert.deepEqual(fieldsOf(await ended, 'id', 'data'), [
    [0x123, '11'],
    [0x124, '22'],
  ])
})

test('frames come over TCP as they are sent, and a line in two pieces is one frame', async (t) => {
  const { port, next } = await listening(t)
  const connected = next()
  const { context, run } = await startCan(t, { source: 'tcp', port })
  const sender = await within(longestMs, connected, 'a connection')
  sender.write('(1700000000.5) can0 123#11\n(1700000000.6) can0 1')
  await within(longestMs, context.received(1), 'the first frame')
  sender.write('24#22\n')
  await within(longestMs, context.received(2), 'the second frame')
  assert.deepEqual(fieldsOf(context, 'id', 'data'), [
    [0x123, '11'],
    [0x124, '22'],
  ])
  await run.stop()
})

test('a sender that hangs up, or is not there, is an error, after which the engine tries again', async (t) => {
  const { port, next } = await listening(t)
  const connected = next()
  const ended = readAll({ source: 'tcp', port })
  const sender = await within(longestMs, connected, 'a connection')
  sender.end('(1700000000.5) can0 123#11\n')
  await assert.rejects(ended, { code: 'CAN_LOG', message: /127\.0\.0\.1:\d+: the connection was closed/ })
  await assert.rejects(readAll({ source: 'tcp', port: 1 }), { code: 'CAN_LOG', message: /ECONNREFUSED/ })
})
