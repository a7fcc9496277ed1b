import assert from 'node:assert/strict'
import { getEventListeners, once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { connect as connectTls, type ConnectionOptions, TLSSocket } from 'node:tls'

import { certificateNames } from '../../../src/net/certificate-names.js'
import { serve, type ServeSettings } from '../../../src/net/serve.js'
import { readStreamServer, streamServerOptions } from '../../../src/net/server-options.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { noOpenssl } from '../../support/certificate.js'
import { FakeClock } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { keptAlive } from '../../support/kept-alive.js'
import { addressesOf } from '../../support/listening.js'
import { valuesOf } from '../../support/options.js'
import { within } from '../../support/within.js'

type Connected = ServeSettings['connected']

/** A server on a free port, unless the options say otherwise, that stops with the test, or when told. */
async function serving(t: TestContext, connected: Connected, raw: object = {}) {
  const stop = new AbortController()
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const settings = readStreamServer(valuesOf(streamServerOptions(0), { ...raw }))
  const done = serve({ ...settings, connected }, context, stop.signal)
  t.after(() => stop.abort())
  const addresses = await Promise.race([addressesOf(context.log), done.then(() => [])])
  return { addresses, port: Number(addresses[0]?.split(':').at(-1)), stop, done, context, clock }
}

async function open(t: TestContext, to: number | NetConnectOpts): Promise<Socket> {
  const socket = connect(typeof to === 'number' ? { port: to, host: '127.0.0.1' } : to).on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket.resume(), 'close')
}

const untilClosed: Connected = (socket) =>
  new Promise((done) => {
    socket.once('close', () => done()).once('end', () => done())
    socket.resume()
  })

describe('serve', () => {
  it('has the kernel look after a peer that vanishes, of whom nothing would be heard', async (t) => {
    let kept: Promise<void> | undefined
    const { port, context } = await serving(t, (socket, signal) => {
      kept = keptAlive(socket)
      context.count('accepted')
      return untilClosed(socket, signal)
    })
    await open(t, port)
    await context.until(() => kept !== undefined)
    await within(10_000, kept ?? assert.fail(), 'a timer of the kernel')
  })

  it('hands connections over, counts those over its limit, and closes all of them when it stops', async (t) => {
    let taken = 0
    const connected: Connected = (socket, signal) => {
      taken++
      return untilClosed(socket, signal)
    }
    const { port, stop, done, context } = await serving(t, connected, { max_connections: 1 })
    const first = await open(t, port)
    await closed(await open(t, port))
    assert.deepEqual([taken, context.counted], [1, { refused_too_many_connections: 1 }])
    stop.abort()
    await Promise.all([closed(first), done])
  })

  it('takes only so many connections of one address, and others when those have gone', async (t) => {
    const { port, context } = await serving(t, untilClosed, { max_connections_per_address: 1 })
    const first = await open(t, port)
    await closed(await open(t, port))
    assert.deepEqual(context.counted, { refused_too_many_connections_of_address: 1 })
    first.end()
    await closed(first)
    await open(t, port).then((socket) => closed(socket.end()))
    assert.deepEqual(context.counted, { refused_too_many_connections_of_address: 1 })
  })

  it('closes a connection when its owner is done, or fails, which is told', async (t) => {
    const connected: Connected = async (socket) => {
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      if (bytes.toString() === 'fail') throw new Error('a bad byte')
    }
    const { port, context } = await serving(t, connected)
    for (const text of ['go', 'fail', 'go']) {
      const socket = await open(t, port)
      socket.write(text)
      await closed(socket)
    }
    const broken = context.log.lines.filter(({ message }) => message === 'connection broke off')
    assert.deepEqual(
      [broken.map(({ fields }) => fields), context.counted],
      [[{ reason: 'a bad byte' }], { broken_connections: 1 }],
    )
  })

  it('lets what was written go out before it closes, but does not wait for ever', async (t) => {
    const bytes = Buffer.alloc(16 << 20)
    const { port, clock } = await serving(t, async (socket) => void socket.write(bytes))
    let received = 0
    const reading = (await open(t, port)).on('data', (piece: Buffer) => (received += piece.length))
    await closed(reading)
    assert.equal(received, bytes.length)
    const deaf = await open(t, port)
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(5000)
    received = 0
    await closed(deaf.on('data', (piece: Buffer) => (received += piece.length)))
    assert.ok(received < bytes.length)
  })

  it('tells nothing of connections that break because it stops, and waits for their owners', async (t) => {
    let tidied = false
    const connected: Connected = async (socket, signal) => {
      await untilClosed(socket, signal)
      await new Promise((resolve) => setImmediate(resolve))
      tidied = true
      throw new Error('closed under me')
    }
    const { port, stop, done, context } = await serving(t, connected)
    await open(t, port)
    stop.abort()
    await done
    assert.deepEqual([tidied, context.counted], [true, {}])
  })

  it('survives a peer that resets its connection', async (t) => {
    const { port } = await serving(t, untilClosed)
    const rude = await open(t, port)
    rude.resetAndDestroy()
    await closed(await open(t, port).then((socket) => socket.end()))
  })

  it('does not listen where it is to stop already', async () => {
    const context = new RecordingInputContext()
    const settings = readStreamServer(valuesOf(streamServerOptions(0)))
    await serve({ ...settings, connected: untilClosed }, context, AbortSignal.abort())
    assert.deepEqual(context.log.lines, [])
  })

  it('leaves nothing listening where it is stopped while it begins, whatever fails then', async (t) => {
    const folder = folderOf(t, {})
    const path = join(folder, 'first.sock')
    const listen = [`unix:${path}`, `unix:${folder}/missing/second.sock`]
    const settings = readStreamServer(valuesOf(streamServerOptions(0), { listen }))
    const stop = new AbortController()
    const done = serve({ ...settings, connected: untilClosed }, new RecordingInputContext(), stop.signal)
    stop.abort()
    await done
    // As much asked of the file system as it takes to begin with both addresses, and more.
    for (let asked = 0; asked < 20; asked++) await stat(folder)
    assert.equal(existsSync(path), false)
  })

  it('leaves no listener on the signal where it cannot listen', async (t) => {
    const { port } = await serving(t, untilClosed)
    const { signal } = new AbortController()
    const settings = readStreamServer(valuesOf(streamServerOptions(port)))
    const done = serve({ ...settings, connected: untilClosed }, new RecordingInputContext(), signal)
    await assert.rejects(done, { code: 'NET_LISTEN' })
    assert.deepEqual(getEventListeners(signal, 'abort'), [])
  })

  it('says which address it cannot listen on', async (t) => {
    const { port } = await serving(t, untilClosed)
    await assert.rejects(serving(t, untilClosed, { port }), (error) => {
      assert.ok(error instanceof Error && 'code' in error)
      assert.equal(error.code, 'NET_LISTEN')
      assert.match(error.message, new RegExp(`listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`))
      return true
    })
  })

  it('listens on several addresses, a unix socket with its permissions among them', async (t) => {
    const path = join(folderOf(t, {}), 'agent.sock')
    const connected: Connected = async (socket) => void socket.end('hello')
    const { addresses, port } = await serving(t, connected, { listen: ['127.0.0.1', `unix:${path} mode=0620`] })
    assert.equal(addresses[1], `unix:${path}`)
    assert.equal(statSync(path).mode & 0o777, 0o620)
    for (const to of [port, { path }]) {
      const [bytes] = (await once(await open(t, to), 'data')) as [Buffer]
      assert.equal(bytes.toString(), 'hello')
    }
  })
})

describe('serve over TLS', { skip: noOpenssl }, () => {
  const names: Connected = async (socket) => {
    const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
    socket.end(certificateNames(certificate).join() || 'nobody')
  }

  async function secured(t: TestContext, raw: object = {}) {
    const authority = new CertificateAuthority(t)
    const { file, keyFile } = authority.issue('localhost')
    const files = { tls: true, 'tls.crt_file': file, 'tls.key_file': keyFile, 'tls.ca_file': authority.file }
    return { authority, ...(await serving(t, names, { ...files, ...raw })) }
  }

  async function answer(port: number, options: ConnectionOptions): Promise<string> {
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ...options })
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    return bytes.toString()
  }

  it('speaks TLS, and knows a client by its certificate', async (t) => {
    const { port, authority } = await secured(t, { 'tls.verify_client_cert': 'request' })
    assert.equal(await answer(port, { ca: authority.pem }), 'nobody')
    const { pem } = authority.issue('gateway-7')
    assert.equal(await answer(port, { ca: authority.pem, ...pem }), 'gateway-7')
  })

  it('refuses a client without a certificate where one is required, and goes on to serve others', async (t) => {
    const { port, authority, context } = await secured(t, { 'tls.verify_client_cert': 'require' })
    await assert.rejects(answer(port, { ca: authority.pem }))
    const { pem } = authority.issue('gateway-7')
    assert.equal(await answer(port, { ca: authority.pem, ...pem }), 'gateway-7')
    assert.deepEqual(context.counted, { refused_tls_failed: 1 })
  })

  it('does not wait for a client that never begins its handshake', async (t) => {
    const { port, clock, context, authority } = await secured(t, { 'tls.handshake_timeout': '1s' })
    const silent = await open(t, port)
    assert.equal(await answer(port, { ca: authority.pem }), 'nobody')
    await clock.advance(1000)
    await closed(silent)
    assert.deepEqual(context.counted, { refused_tls_failed: 1 })
  })

  it('says which certificate it cannot read', async (t) => {
    await assert.rejects(secured(t, { 'tls.crt_file': '/nowhere.pem' }), {
      code: 'NET_TLS_FILE',
      message: /tls\.crt_file: .*nowhere\.pem/,
    })
  })
})
