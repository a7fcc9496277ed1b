import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { connect as connectTls } from 'node:tls'

import { systemClock } from '../../../src/base/clock.js'
import { peerAddress, peerPort } from '../../../src/net/peer-address.js'
import { serve } from '../../../src/net/serve.js'
import { readStreamServer, streamServerOptions } from '../../../src/net/server-options.js'
import tcp from '../../../inputs/tcp/index.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { noOpenssl } from '../../support/certificate.js'
import { FakeClock } from '../../support/fake-clock.js'
import { startHaproxy } from '../../support/haproxy.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { addressesOf } from '../../support/listening.js'
import { optionsOf, valuesOf } from '../../support/options.js'
import { peer } from '../../support/peers.js'
import { proxied, proxyHeader } from '../../support/proxy-header.js'
import { within } from '../../support/within.js'

/** A server that tells each peer who it is thought to be, and keeps the connection. */
async function serving(t: TestContext, raw: object = {}) {
  const stop = new AbortController()
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const connected = async (socket: Socket): Promise<void> => {
    socket.write(`${peerAddress(socket)} ${peerPort(socket)}\n`)
    for await (const bytes of socket as AsyncIterable<Buffer>) socket.write(bytes)
  }
  const settings = readStreamServer(valuesOf(streamServerOptions(0), { ...proxied, ...raw }))
  const done = serve({ ...settings, connected }, context, stop.signal)
  t.after(() => {
    stop.abort()
    return done
  })
  const [address = ''] = await addressesOf(context.log)
  return { port: Number(address.split(':').at(-1)), stop, done, context, clock }
}

async function open(t: TestContext, port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined)
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** All that comes until there is so much of it, or the end. */
async function heard(socket: Socket, bytes: number): Promise<string> {
  if (socket.closed) return ''
  let text = ''
  const enough = new Promise<void>((resolve) => {
    socket.on('data', (part: Buffer) => (text += part.toString()).length >= bytes && resolve())
    socket.once('close', () => resolve())
  })
  await within(5000, enough, `${bytes} bytes`)
  return text
}

const header = (address: string): string => proxyHeader(address).toString()
const told = '192.0.2.7 56324\n'

describe('serve with the PROXY protocol', () => {
  it('hands a connection over once it knows the client, with all that is behind the header', async (t) => {
    const { port } = await serving(t)
    const socket = await open(t, port)
    socket.write(`${header('192.0.2.7')}hello`)
    assert.equal(await heard(socket, told.length + 5), `${told}hello`)
  })

  it('knows the client over TLS too', { skip: noOpenssl }, async (t) => {
    const { file, keyFile } = new CertificateAuthority(t).issue('localhost')
    const { port } = await serving(t, { tls: true, 'tls.crt_file': file, 'tls.key_file': keyFile })
    const socket = await open(t, port)
    socket.write(header('192.0.2.7'))
    const over = connectTls({ socket, rejectUnauthorized: false })
    assert.equal(await heard(over, told.length), told)
  })

  it('counts connections by the client, and those of the proxy itself in all alone', async (t) => {
    const { port, context } = await serving(t, { max_connections_per_address: 1 })
    const from = async (text: string): Promise<string> => {
      const socket = await open(t, port)
      socket.write(text)
      return heard(socket, 3)
    }
    assert.equal(await from(header('192.0.2.7')), told)
    assert.equal(await from(header('192.0.2.7')), '')
    assert.equal(await from(header('192.0.2.8')), '192.0.2.8 56324\n')
    for (const _ of [1, 2]) assert.match(await from('PROXY UNKNOWN\r\n'), /^127\.0\.0\.1 \d+\n$/)
    assert.deepEqual(context.counted, { refused_too_many_connections_of_address: 1 })
  })

  it('closes connections of others, with another beginning, or with a slow one, and those that wait when it stops', async (t) => {
    const { port, context, clock, stop, done } = await serving(t, { 'tls.handshake_timeout': '3s' })
    const stranger = await open(t, port, '127.0.0.2')
    stranger.write(header('192.0.2.7'))
    assert.equal(await heard(stranger, 1), '')
    const plain = await open(t, port)
    plain.write('{"a":1}\n')
    assert.equal(await heard(plain, 1), '')
    const slow = await open(t, port)
    slow.write('PROXY')
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(3000)
    assert.equal(await heard(slow, 1), '')
    const reasons = { refused_untrusted_proxy: 1, refused_bad_proxy_header: 1, refused_slow_proxy_header: 1 }
    assert.deepEqual(context.counted, reasons)
    const waiting = await open(t, port)
    waiting.write('PROXY')
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    await within(5000, done, 'the end of the server')
    assert.equal(await heard(waiting, 1), '')
    assert.deepEqual(context.counted, reasons)
  })

  it('must know whose header it is', () => {
    const read = (): unknown => readStreamServer(valuesOf(streamServerOptions(0), { proxy_protocol: true }))
    assert.throws(read, { code: 'NET_PROXY_PROTOCOL', message: /^trusted_proxies: / })
  })

  it('lets the input tcp tell the client behind a real HAProxy', { skip: peer('haproxy').skip }, async (t) => {
    const context = new RecordingInputContext(systemClock)
    const stop = new AbortController()
    const options = { ...optionsOf(tcp, { ...proxied, port: 0, source_address_key: 'from' }), tag: 'test' }
    const done = tcp.create(options, context).run(stop.signal)
    t.after(() => {
      stop.abort()
      return done
    })
    const [address = ''] = await addressesOf(context.log)
    const to = Number(address.split(':').at(-1))
    for (const server of ['send-proxy', 'send-proxy-v2']) {
      const [port = 0] = await startHaproxy(t, [{ mode: 'tcp', server, to }])
      const socket = await open(t, port, '127.0.0.9')
      socket.end('{"celsius":21.5}')
      while (!context.events.some(({ record }) => record['from'] === `tcp://127.0.0.9:${socket.localPort}`))
        await new Promise((resolve) => setImmediate(resolve))
    }
    assert.deepEqual([context.events.length, context.events[0]?.record['celsius']], [2, 21.5])
  })
})
