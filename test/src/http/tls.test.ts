import assert from 'node:assert/strict'
import { once } from 'node:events'
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { test, type TestContext } from 'node:test'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'

import {
  httpServerOptions,
  type HttpServerSettings,
  readServerOptions,
  serveHttp,
  type Stage,
} from '../../../src/http/index.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { FakeClock } from '../../support/fake-clock.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { valuesOf } from '../../support/options.js'
import { peer } from '../../support/peers.js'
import { run } from '../../support/program.js'
import { RawClient, statusesIn } from '../../support/raw-client.js'
import { within } from '../../support/within.js'

const { path: curl, skip } = peer('curl')
const openssl = peer('openssl')

/** Tells what the server knows of the connection. */
const telling: Stage = {
  handle: (exchange) => {
    const { secure, certificateNames, address } = exchange.connection
    return exchange.json(200, { secure, certificateNames, address, version: exchange.request.httpVersion })
  },
}

type Raw = { readonly [option: string]: unknown }

interface Secured extends RunningServer {
  readonly authority: CertificateAuthority
}

async function secured(
  t: TestContext,
  raw: Raw = {},
  context = new RecordingInputContext(new FakeClock()),
): Promise<Secured> {
  const authority = new CertificateAuthority(t)
  const { file, keyFile } = authority.issue('localhost')
  const files = { tls: 'on', 'tls.crt_file': file, 'tls.key_file': keyFile, 'tls.ca_file': authority.file }
  const { listen: _, ...settings } = readServerOptions(valuesOf(httpServerOptions(0), { ...files, ...raw }))
  const server = await startServer(t, { ...settings, stages: [telling], context })
  return { ...server, url: server.url.replace('http:', 'https:').replace('127.0.0.1', 'localhost'), authority }
}

/** A handshake as a client with these options does it; rejects where the server refuses it. */
async function handshake(
  t: TestContext,
  { port, authority }: Secured,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.pem, ...options })
  t.after(() => void socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

async function ask(socket: TLSSocket): Promise<string> {
  const client = new RawClient(socket)
  client.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  return client.closed
}

test('curl speaks HTTP/2 and HTTP/1.1 over TLS, whichever it wants', { skip }, async (t) => {
  const { url, authority } = await secured(t)
  for (const [wish, version] of [
    ['--http2', '2.0'],
    ['--http1.1', '1.1'],
  ] as const) {
    const { stdout, output } = await run(curl, ['-sS', wish, '--cacert', authority.file, url])
    assert.deepEqual(JSON.parse(stdout || output), {
      secure: true,
      certificateNames: [],
      address: '127.0.0.1',
      version,
    })
  }
})

test('without http2 only HTTP/1.1 is offered, and a client that insists on HTTP/2 is told that there is none', async (t) => {
  const server = await secured(t, { http2: 'off' })
  assert.equal((await handshake(t, server, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol, 'http/1.1')
  await assert.rejects(handshake(t, server, { ALPNProtocols: ['h2'] }), /no.application.protocol/i)
})

test('a client that offers no protocol speaks HTTP/1.1', async (t) => {
  const socket = await handshake(t, await secured(t))
  assert.equal(socket.alpnProtocol, false)
  assert.deepEqual(statusesIn(await ask(socket)), [200])
})

test('versions of TLS below the oldest are refused, as OpenSSL finds', { skip: openssl.skip }, async (t) => {
  const speaks = async ({ port }: Secured, version: string): Promise<boolean> => {
    const words = ['s_client', '-connect', `127.0.0.1:${port}`, `-${version}`, '-cipher', 'DEFAULT:@SECLEVEL=0']
    return (await run(openssl.path, words)).code === 0
  }
  const usual = await secured(t)
  const strict = await secured(t, { 'tls.min_version': 'TLSv1.3' })
  assert.deepEqual(await Promise.all(['tls1_1', 'tls1_2', 'tls1_3'].map((version) => speaks(usual, version))), [
    false,
    true,
    true,
  ])
  assert.deepEqual(await Promise.all(['tls1_1', 'tls1_2', 'tls1_3'].map((version) => speaks(strict, version))), [
    false,
    false,
    true,
  ])
  await usual.context.until(() => usual.context.counted['refused_tls_failed'] === 1)
})

test('only the ciphers that are listed are spoken', async (t) => {
  const server = await secured(t, { 'tls.ciphers': 'ECDHE-ECDSA-AES256-GCM-SHA384' })
  const only = { maxVersion: 'TLSv1.2' } as const
  assert.equal((await handshake(t, server, only)).getCipher().name, 'ECDHE-ECDSA-AES256-GCM-SHA384')
  await assert.rejects(
    handshake(t, server, { ...only, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }),
    /handshake failure/i,
  )
})

test('clients are known by the names in their certificate, which only an authority that is trusted can give', async (t) => {
  const server = await secured(t, { 'tls.verify_client_cert': 'require' })
  const { pem } = server.authority.issue('truck-7', 'DNS:truck-7.fleet.example,URI:urn:vehicle:7')
  const answer = await ask(await handshake(t, server, pem))
  assert.match(answer, /"certificateNames":\["truck-7","truck-7.fleet.example","urn:vehicle:7"\]/)
  const stranger = new CertificateAuthority(t).issue('truck-7')
  for (const options of [{}, stranger.pem]) {
    // With TLS 1.3 a client believes that all is well until it reads.
    const socket = await handshake(t, server, options)
    assert.equal(await new RawClient(socket).closed, '')
  }
  assert.deepEqual(server.context.counted, { refused_tls_failed: 2 })
})

test('where a certificate is only asked for, clients without a trusted one are served, and have no names', async (t) => {
  const server = await secured(t, { 'tls.verify_client_cert': 'request' })
  const stranger = new CertificateAuthority(t).issue('truck-7')
  for (const options of [{}, stranger.pem])
    assert.match(await ask(await handshake(t, server, options)), /"certificateNames":\[\]/)
  const known = await handshake(t, server, server.authority.issue('truck-8').pem)
  assert.match(await ask(known), /"certificateNames":\["truck-8"\]/)
})

test('each host has its own certificate, also those right below one, and all others get that of the server', async (t) => {
  const authority = new CertificateAuthority(t)
  const files = (name: string): Raw => {
    const { file, keyFile } = authority.issue(name)
    return { crt_file: file, key_file: keyFile }
  }
  const hosts = { 'Panel.example': files('panel.example'), '*.fleet.example': files('*.fleet.example') }
  const server = await secured(t, { 'tls.hosts': hosts })
  const nameFor = async (servername: string): Promise<string> =>
    String((await handshake(t, server, { servername, rejectUnauthorized: false })).getPeerCertificate().subject.CN)
  assert.equal(await nameFor('panel.example'), 'panel.example')
  assert.equal(await nameFor('truck.fleet.example'), '*.fleet.example')
  assert.equal(await nameFor('a.truck.fleet.example'), 'localhost')
  assert.equal(await nameFor('elsewhere.example'), 'localhost')
})

test('a certificate that was renewed serves the next connection; a broken one changes nothing but the log', async (t) => {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const authority = new CertificateAuthority(t)
  const [first, second] = [authority.issue('first'), authority.issue('second')]
  const [file, keyFile] = [authority.path('now.pem'), authority.path('now.key')]
  const use = (crt: string, key: string, at: number): void => {
    copyFileSync(crt, file)
    copyFileSync(key, keyFile)
    utimesSync(file, at, at)
  }
  use(first.file, first.keyFile, 1)
  const server = await secured(t, { 'tls.crt_file': file, 'tls.key_file': keyFile }, context)
  const name = async (): Promise<string> =>
    String((await handshake(t, server, { rejectUnauthorized: false })).getPeerCertificate().subject.CN)
  const early = await handshake(t, server, { rejectUnauthorized: false })
  assert.equal(await name(), 'first')
  use(second.file, second.keyFile, 2)
  assert.equal(await name(), 'first')
  await clock.advance(10_000)
  await context.log.line('read certificates again')
  assert.equal(await name(), 'second')
  writeFileSync(file, 'not a certificate')
  await clock.advance(10_000)
  const { fields } = await context.log.line('kept the old certificates')
  assert.match(String(fields?.['reason']), /tls\.crt_file: .*now\.pem/)
  assert.equal(await name(), 'second')
  assert.deepEqual(statusesIn(await ask(early)), [200])
})

test('the certificate of one host is renewed, and so are those that clients are trusted by, while the server keeps its own', async (t) => {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const [authority, later] = [new CertificateAuthority(t), new CertificateAuthority(t)]
  const [host, renewed, device] = [
    authority.issue('panel.example'),
    later.issue('panel.example'),
    later.issue('truck-7'),
  ]
  const trusted = authority.path('trusted.pem')
  copyFileSync(authority.file, trusted)
  const hosts = { 'panel.example': { crt_file: host.file, key_file: host.keyFile } }
  const options = { 'tls.hosts': hosts, 'tls.ca_file': trusted, 'tls.verify_client_cert': 'request' }
  const server = await secured(t, options, context)
  const at = (servername: string): Promise<TLSSocket> =>
    handshake(t, server, { servername, rejectUnauthorized: false, ...device.pem })
  const serials = async (): Promise<string[]> =>
    Promise.all(['panel.example', 'localhost'].map(async (name) => (await at(name)).getPeerCertificate().serialNumber))
  const [panel, own] = await serials()
  assert.match(await ask(await at('localhost')), /"certificateNames":\[\]/)
  copyFileSync(renewed.file, host.file)
  copyFileSync(renewed.keyFile, host.keyFile)
  copyFileSync(later.file, trusted)
  await clock.advance(10_000)
  await context.log.line('read certificates again')
  const [panelNow, ownNow] = await serials()
  assert.notEqual(panelNow, panel)
  assert.equal(ownNow, own)
  for (const name of ['panel.example', 'localhost'])
    assert.match(await ask(await at(name)), /"certificateNames":\["truck-7"\]/)
})

test('a client that never speaks TLS, or too slowly, is let go', async (t) => {
  const clock = new FakeClock()
  const server = await secured(t, {}, new RecordingInputContext(clock))
  const silent = await RawClient.connect(t, server.port)
  const slow = await RawClient.connect(t, server.port)
  slow.send(Buffer.from('160301', 'hex'))
  // Both were accepted before a handshake that came later was done.
  await handshake(t, server)
  await clock.advance(9_999)
  slow.send(Buffer.from('0200', 'hex'))
  await clock.advance(1)
  assert.deepEqual([await silent.closed, await slow.closed], ['', ''])
  assert.deepEqual(server.context.counted, { refused_too_slow: 2 })
})

test('a client that goes before it has spoken TLS keeps no connection, and one that has said all gets its answer', async (t) => {
  const server = await secured(t)
  for (const begun of ['', '160301']) {
    const socket = connectPlain({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    t.after(() => void socket.destroy())
    socket.end(Buffer.from(begun, 'hex'))
    // The clock stands still: no deadline closes it.
    assert.equal(await within(20_000, new RawClient(socket).closed, 'the end of the connection'), '')
  }
  assert.deepEqual(server.context.counted, { refused_tls_failed: 2 })
  const ended = await handshake(t, server)
  ended.allowHalfOpen = true
  const client = new RawClient(ended)
  ended.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  assert.deepEqual(statusesIn(await client.closed), [200])
})

test('a slow head is refused as much over TLS', async (t) => {
  const server = await secured(t, { header_timeout: '200ms' })
  const client = new RawClient(await handshake(t, server, { ALPNProtocols: ['http/1.1'] }))
  client.send('GET / HTTP/1.1\r\nHost')
  assert.deepEqual(statusesIn(await client.closed), [408])
})

test('a client that speaks plain HTTP where TLS is spoken is let go, and counted', async (t) => {
  const { port, context } = await secured(t)
  const socket = connectPlain(port, '127.0.0.1')
  const client = new RawClient(socket)
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.deepEqual(statusesIn(await client.closed), [])
  assert.deepEqual(context.counted, { refused_tls_failed: 1 })
})

test('TLS without a certificate, and files that cannot be used, are errors that name the option', async (t) => {
  const read = (raw: Raw): HttpServerSettings => ({
    ...readServerOptions(valuesOf(httpServerOptions(0), { tls: 'on', ...raw })),
    stages: [],
  })
  const serve = (raw: Raw): Promise<void> =>
    serveHttp(read(raw), new RecordingInputContext(), new AbortController().signal)
  assert.throws(() => read({}), { code: 'NET_TLS_OPTIONS', message: /^tls\.crt_file: expected the path/ })
  const pair = { 'tls.crt_file': '/nowhere/a.pem', 'tls.key_file': '/nowhere/a.key' }
  assert.throws(() => read({ ...pair, 'tls.verify_client_cert': 'require' }), / tls\.ca_file: /)
  assert.throws(() => read({ ...pair, 'tls.hosts': { a: { crt_file: 'x' } } }), / tls\.hosts\.a\.key_file: /)
  await assert.rejects(serve(pair), { code: 'NET_TLS_FILE', message: /^tls\.crt_file: ENOENT.*\/nowhere\/a\.pem/ })
  const authority = new CertificateAuthority(t)
  const mixed = { 'tls.crt_file': authority.issue('a').file, 'tls.key_file': authority.issue('b').keyFile }
  await assert.rejects(serve(mixed), { code: 'NET_TLS_FILE', message: /^tls\.crt_file: .*a\.pem and .*b\.key/ })
})
