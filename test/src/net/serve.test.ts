import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { serve, type ServeSettings } from '../../../src/net/serve.js'

type Connected = ServeSettings['connected']

/** A server on a free port that stops with the test, or when told. */
async function serving(t: TestContext, connected: Connected, settings: Partial<ServeSettings> = {}) {
  const stop = new AbortController()
  let done: Promise<void> = Promise.resolve()
  const port = await new Promise<number>((resolve, reject) => {
    const target = { host: '127.0.0.1', port: 0 }
    const listening = (chosen = 0): void => resolve(chosen)
    done = serve({ target, maxConnections: 10, connected, listening, ...settings }, stop.signal)
    done.catch(reject)
  })
  t.after(() => stop.abort())
  return { port, stop, done }
}

async function open(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket.resume(), 'close')
}

const untilClosed: Connected = (socket) => new Promise((done) => socket.once('close', () => done()).resume())

describe('serve', () => {
  it('hands connections over, counts those over its limit, and closes all of them when it stops', async (t) => {
    let [taken, refused] = [0, 0]
    const connected: Connected = (socket, signal) => {
      taken++
      return untilClosed(socket, signal)
    }
    const { port, stop, done } = await serving(t, connected, { maxConnections: 1, refused: () => refused++ })
    const first = await open(t, port)
    const second = await open(t, port)
    await closed(second)
    assert.deepEqual([taken, refused], [1, 1])
    stop.abort()
    await Promise.all([closed(first), done])
  })

  it('closes a connection when its owner is done, or fails, which is told', async (t) => {
    const failures: unknown[] = []
    const connected: Connected = async (socket) => {
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      if (bytes.toString() === 'fail') throw new Error('a bad byte')
    }
    const { port } = await serving(t, connected, { failed: (error) => failures.push(error) })
    for (const text of ['go', 'fail', 'go']) {
      const socket = await open(t, port)
      socket.write(text)
      await closed(socket)
    }
    assert.deepEqual(failures, [new Error('a bad byte')])
  })

  it('tells nothing of connections that break because it stops, and waits for their owners', async (t) => {
    const failures: unknown[] = []
    let tidied = false
    const connected: Connected = async (socket, signal) => {
      await untilClosed(socket, signal)
      await new Promise((resolve) => setImmediate(resolve))
      tidied = true
      throw new Error('closed under me')
    }
    const { port, stop, done } = await serving(t, connected, { failed: (error) => failures.push(error) })
    await open(t, port)
    stop.abort()
    await done
    assert.deepEqual([tidied, failures], [true, []])
  })

  it('survives a peer that resets its connection', async (t) => {
    const { port } = await serving(t, untilClosed)
    const rude = await open(t, port)
    rude.resetAndDestroy()
    await closed(await open(t, port).then((socket) => socket.end()))
  })

  it('does not listen where it is to stop already', async () => {
    const target = { host: '127.0.0.1', port: 0 }
    const listening = (): never => assert.fail('it listens')
    await serve({ target, maxConnections: 1, connected: untilClosed, listening }, AbortSignal.abort())
  })

  it('says which address it cannot listen on', async (t) => {
    const { port } = await serving(t, untilClosed)
    const target = { host: '127.0.0.1', port }
    await assert.rejects(serve({ target, maxConnections: 1, connected: untilClosed }, t.signal), (error) => {
      assert.ok(error instanceof Error && 'code' in error)
      assert.equal(error.code, 'NET_LISTEN')
      assert.match(error.message, new RegExp(`listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`))
      return true
    })
  })
})
