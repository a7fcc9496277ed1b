import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { after, describe, it } from 'node:test'

import { connect } from '../../../src/net/connect.js'
import { serve } from '../../../src/net/serve.js'
import { targetText } from '../../../src/net/target.js'

const never = new AbortController().signal

function isCode(code: string, message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof Error && 'code' in error)
    assert.equal(error.code, code)
    assert.match(error.message, message)
    return true
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address)
  return address.port
}

describe('connect', () => {
  it('answers a socket that is connected', async () => {
    const port = await listening(createServer((socket) => socket.end('hello')))
    const socket = await connect({ host: '127.0.0.1', port }, { timeoutMs: 5000, signal: never })
    const [first] = await socket.take(1).toArray()
    assert.equal(String(first), 'hello')
    socket.destroy()
  })

  it('says where and why when nobody listens', async () => {
    const port = await listening(createServer())
    const closed = createServer()
    const free = await listening(closed)
    await new Promise((resolve) => closed.close(resolve))
    assert.notEqual(port, free)
    const failed = connect({ host: '127.0.0.1', port: free }, { timeoutMs: 5000, signal: never })
    await assert.rejects(
      failed,
      isCode('NET_CONNECT', new RegExp(`connect to 127\\.0\\.0\\.1:${free}: .*ECONNREFUSED`)),
    )
  })

  it('ends at its deadline when a handshake gets no answer', async () => {
    const port = await listening(createServer(() => undefined))
    const failed = connect({ host: '127.0.0.1', port }, { timeoutMs: 30, signal: never, tls: {} })
    await assert.rejects(failed, isCode('NET_TIMEOUT', /no answer within 30 ms/))
  })

  it('refuses a server that speaks no TLS', async () => {
    const port = await listening(createServer((socket) => socket.end('220 plain text\r\n')))
    const failed = connect({ host: '127.0.0.1', port }, { timeoutMs: 5000, signal: never, tls: {} })
    await assert.rejects(failed, isCode('NET_CONNECT', /connect to/))
  })

  it('ends with the reason of its signal', async () => {
    const port = await listening(createServer(() => undefined))
    const stop = new AbortController()
    const failed = connect({ host: '127.0.0.1', port }, { timeoutMs: 5000, signal: stop.signal, tls: {} })
    stop.abort(new Error('stopping'))
    await assert.rejects(failed, /stopping/)
  })
})

describe('serve', () => {
  it('hands connections over, counts those over its limit, and closes all of them when it stops', async () => {
    const stop = new AbortController()
    const ports: (number | undefined)[] = []
    let [taken, refused] = [0, 0]
    const listens = new Promise<void>((resolve) => {
      void serve(
        {
          target: { host: '127.0.0.1', port: 0 },
          maxConnections: 1,
          connected: (socket) => {
            taken++
            return new Promise((done) => socket.once('close', () => done()).resume())
          },
          listening: (port) => {
            ports.push(port)
            resolve()
          },
          refused: () => refused++,
        },
        stop.signal,
      )
    })
    await listens
    const port = ports[0] ?? assert.fail()
    const first = await connect({ host: '127.0.0.1', port }, { timeoutMs: 5000, signal: never })
    const second = await connect({ host: '127.0.0.1', port }, { timeoutMs: 5000, signal: never })
    await new Promise((resolve) => second.once('close', resolve).resume())
    assert.deepEqual([taken, refused], [1, 1])
    stop.abort()
    await new Promise((resolve) => first.once('close', resolve).resume())
  })

  it('says which address it cannot listen on', async () => {
    const port = await listening(createServer())
    const target = { host: '127.0.0.1', port }
    const failed = serve({ target, maxConnections: 1, connected: () => Promise.resolve() }, never)
    await assert.rejects(failed, isCode('NET_LISTEN', new RegExp(`listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`)))
  })
})

describe('the text of a target', () => {
  for (const [target, text] of [
    [{ host: 'gateway', port: 24224 }, 'gateway:24224'],
    [{ host: '::1', port: 80 }, '[::1]:80'],
    [{ path: '/run/fluentd.sock' }, '/run/fluentd.sock'],
  ] as const) {
    it(`is ${text}`, () => assert.equal(targetText(target), text))
  }
})
