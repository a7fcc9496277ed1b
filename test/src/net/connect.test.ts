import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:net'
import { after, describe, it } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'

import { connect } from '../../../src/net/connect.js'
import { hostForm, targetText } from '../../../src/net/target.js'
import { readTlsSettings, type TlsOptions, type TlsSettings } from '../../../src/net/tls-options.js'
import { Certificate, noOpenssl } from '../../support/certificate.js'
import { keptAlive } from '../../support/kept-alive.js'

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

  it('tries every address of a name', async () => {
    const port = await listening(createServer((socket) => socket.end('hello')))
    const socket = await connect({ host: 'localhost', port }, { timeoutMs: 5000, signal: never })
    assert.equal(socket.remoteAddress, '127.0.0.1')
    assert.equal(String(Buffer.concat(await socket.toArray())), 'hello')
  })

  it('says which name it cannot look up', async () => {
    const failed = connect({ host: 'no-such-host.invalid', port: 1 }, { timeoutMs: 5000, signal: never })
    await assert.rejects(failed, isCode('NET_CONNECT', /connect to no-such-host\.invalid:1: .*(ENOTFOUND|EAI_AGAIN)/))
  })

  it('has the kernel look after a peer that vanishes', async () => {
    const port = await listening(createServer(() => undefined))
    const socket = await connect({ host: '127.0.0.1', port }, { timeoutMs: 5000, signal: never })
    await keptAlive(socket)
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
    const late = connect({ host: '127.0.0.1', port }, { timeoutMs: 5000, signal: stop.signal })
    await assert.rejects(late, /stopping/)
  })
})

describe('connect with TLS', { skip: noOpenssl }, () => {
  const certificate = noOpenssl ? undefined : new Certificate()
  const { key = '', cert = '' } = certificate?.pem ?? {}
  after(() => certificate?.remove())

  async function secure(host: string, tls: TlsSettings, settings = {}): Promise<string> {
    const server = createTlsServer({ key, cert, ...settings }, (peer) => peer.end(peer.authorized ? 'known' : 'hello'))
    server.on('tlsClientError', () => undefined)
    const port = await listening(server)
    const socket = await connect({ host, port }, { timeoutMs: 5000, signal: never, tls })
    const text = String(Buffer.concat(await socket.toArray()))
    socket.destroy()
    return text
  }

  it('trusts what it is told to trust', async () => {
    assert.equal(await secure('localhost', { ca: cert }), 'hello')
  })

  it('refuses a server that nobody vouches for', async () => {
    await assert.rejects(secure('localhost', {}), isCode('NET_CONNECT', /self-signed certificate/))
  })

  it('refuses a server of another name, unless it is to have that name or none', async () => {
    await assert.rejects(secure('127.0.0.1', { ca: cert }), isCode('NET_CONNECT', /does not match certificate/))
    assert.equal(await secure('127.0.0.1', { ca: cert, servername: 'localhost' }), 'hello')
    assert.equal(await secure('127.0.0.1', { rejectUnauthorized: false }), 'hello')
  })

  it('shows its own certificate, by the files that the options name', async () => {
    const files = {
      'tls.ca_file': certificate?.file,
      'tls.crt_file': certificate?.file,
      'tls.key_file': certificate?.keyFile,
    }
    const tls = readTlsSettings({ ...plain, ...files, tls: true }) ?? assert.fail()
    assert.equal(await secure('localhost', tls, { requestCert: true, ca: cert }), 'known')
  })

  it('is kept alive', async () => {
    const port = await listening(createTlsServer({ key, cert }))
    const socket = await connect({ host: 'localhost', port }, { timeoutMs: 5000, signal: never, tls: { ca: cert } })
    await keptAlive(socket)
    socket.destroy()
  })

  it('refuses a server that is older than the options allow', async () => {
    const tls = readTlsSettings({ ...plain, 'tls.min_version': 'TLSv1.3', tls: true }) ?? assert.fail()
    await assert.rejects(
      secure('localhost', { ...tls, ca: cert }, { maxVersion: 'TLSv1.2' }),
      isCode('NET_CONNECT', /version/),
    )
  })
})

const plain: TlsOptions = {
  tls: false,
  'tls.verify': true,
  'tls.vhost': undefined,
  'tls.ca_file': undefined,
  'tls.crt_file': undefined,
  'tls.key_file': undefined,
  'tls.key_passwd': undefined,
  'tls.min_version': 'TLSv1.2',
}

describe('the options of TLS', () => {
  it('ask for none by default', () => assert.equal(readTlsSettings(plain), undefined))

  it('have their names checked by default', () => {
    assert.deepEqual(readTlsSettings({ ...plain, tls: true }), { rejectUnauthorized: true, minVersion: 'TLSv1.2' })
  })

  it('say which file cannot be read', () => {
    const read = (): unknown => readTlsSettings({ ...plain, tls: true, 'tls.key_file': '/no/such/key.pem' })
    assert.throws(read, isCode('NET_TLS_FILE', /^tls\.key_file: ENOENT/))
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

describe('the form of a host', () => {
  const form = new RegExp(hostForm.pattern)
  for (const host of [
    'gateway',
    'gw-1.example_site.net',
    '10.0.0.1',
    '::',
    '::1',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    'bücher.example',
  ])
    it(`is that of ${host}`, () => assert.ok(form.test(host)))
  for (const host of ['', 'http://gateway', 'gateway:80', '10.0.0.1:80', '[::1]', 'gateway/in', 'a b'])
    it(`is not that of "${host}"`, () => assert.ok(!form.test(host)))
})
