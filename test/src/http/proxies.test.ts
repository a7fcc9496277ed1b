import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { connect as connectTls } from 'node:tls'

import { httpServerOptions, type PlacedStage, readServerOptions, type Stage } from '../../../src/http/index.js'
import ipRules from '../../../stages/ip_rules/index.js'
import { CertificateAuthority } from '../../support/certificate-authority.js'
import { noOpenssl } from '../../support/certificate.js'
import { FakeClock } from '../../support/fake-clock.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { valuesOf } from '../../support/options.js'
import { binaryHeader } from '../../support/proxy-header.js'
import { RawClient, statusesIn } from '../../support/raw-client.js'
import { placedStage } from '../../support/stages.js'
import { within } from '../../support/within.js'

type Raw = { readonly [option: string]: unknown }

/** Tells who is thought to have asked, over which connection. */
const telling: Stage = {
  handle(exchange) {
    const { port, secure } = exchange.connection
    return exchange.json(200, { hops: exchange.hops, client: exchange.clientAddress, port, secure })
  },
}

interface Told {
  readonly hops: readonly string[]
  readonly client: string
  readonly port: number
  readonly secure: boolean
}

const textHeader = Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.11 56324 443\r\n')
const ofIpv6 = binaryHeader(0x21, 0x21, `20010db8${'0'.repeat(23)}7 ${'0'.repeat(31)}1 dc04 01bb 04 0001 00`)
const own = binaryHeader(0x20, 0x00, '')
const asking = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n'

async function serving(t: TestContext, raw: Raw, stages: readonly (Stage | PlacedStage)[] = []) {
  const context = new RecordingInputContext(new FakeClock())
  const { listen: _, ...settings } = readServerOptions(valuesOf(httpServerOptions(0), raw))
  return startServer(t, { ...settings, stages: [...stages, telling], context })
}

const proxied = { proxy_protocol: 'on', trusted_proxies: '127.0.0.1' }

/** A client at another address of this machine. */
async function clientFrom(t: TestContext, { port }: RunningServer, localAddress = '127.0.0.1'): Promise<RawClient> {
  const socket = connectPlain({ port, host: '127.0.0.1', localAddress, noDelay: true })
  t.after(() => void socket.destroy())
  await once(socket, 'connect')
  return new RawClient(socket)
}

function toldIn(answer: string): Told {
  return JSON.parse(/\{.*\}/.exec(answer)?.[0] ?? 'null') as Told
}

async function ask(t: TestContext, server: RunningServer, headers: string, from?: string): Promise<Told> {
  const client = await clientFrom(t, server, from)
  client.send(`${asking}${headers}\r\n`)
  return toldIn(await client.closed)
}

describe('a server behind proxies', () => {
  test('believes what trusted ones say of their client, and nobody else', async (t) => {
    const server = await serving(t, { trusted_proxies: ['127.0.0.2', '10.0.0.0/8'] })
    const said = 'X-Forwarded-For: 203.0.113.9, 192.0.2.7\r\nX-Forwarded-For: 10.1.1.1\r\n'
    const { hops, client } = await ask(t, server, said, '127.0.0.2')
    assert.deepEqual([hops, client], [['192.0.2.7', '10.1.1.1', '127.0.0.2'], '192.0.2.7'])
    assert.equal((await ask(t, server, said, '127.0.0.3')).client, '127.0.0.3')
    assert.equal((await ask(t, server, '', '127.0.0.2')).client, '127.0.0.2')
    assert.equal((await ask(t, server, 'X-Forwarded-For: me\r\n', '127.0.0.2')).client, '127.0.0.2')
    assert.equal((await ask(t, await serving(t, {}), said)).client, '127.0.0.1')
  })

  test('reads the one header that it is told of: of the other one, a client could make up all', async (t) => {
    const both = 'X-Forwarded-For: 192.0.2.7\r\nForwarded: for=203.0.113.9;proto=https\r\n'
    const older = await serving(t, { trusted_proxies: '127.0.0.1' })
    assert.equal((await ask(t, older, both)).client, '192.0.2.7')
    const newer = await serving(t, { trusted_proxies: '127.0.0.1', client_address_header: 'Forwarded' })
    assert.equal((await ask(t, newer, both)).client, '203.0.113.9')
  })

  test('limits the connections of trusted ones in all alone, and those of others by their address', async (t) => {
    const server = await serving(t, {
      trusted_proxies: '127.0.0.2',
      max_connections_per_address: 1,
      max_connections: 3,
    })
    const [first, second, other] = [
      await clientFrom(t, server, '127.0.0.2'),
      await clientFrom(t, server, '127.0.0.2'),
      await clientFrom(t, server, '127.0.0.3'),
    ]
    assert.equal(await (await clientFrom(t, server, '127.0.0.3')).closed, '')
    assert.equal(await (await clientFrom(t, server, '127.0.0.2')).closed, '')
    for (const client of [first, second, other]) client.send(`${asking}\r\n`)
    for (const client of [first, second, other]) assert.deepEqual(statusesIn(await client.closed), [200])
    assert.deepEqual(server.context.counted, { refused_too_many_connections: 2 })
  })

  test('keeps out by rules whom a trusted one speaks for, request by request', async (t) => {
    const raw = { trusted_proxies: '127.0.0.1' }
    for (const [rules, placed] of [
      [{ deny: '192.0.2.0/24' }, {}],
      [{ deny: '192.0.2.0/24' }, { path: '/', hosts: ['a'] }],
      [{ allow: ['127.0.0.1', '198.51.100.0/24'] }, {}],
    ] as const) {
      const server = await serving(t, raw, [placedStage(ipRules, { ...rules, ...placed })])
      const client = await RawClient.connect(t, server.port)
      const from = (address: string): string => `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${address}\r\n\r\n`
      client.send(from('198.51.100.1') + from('192.0.2.7') + from('198.51.100.2'))
      const answers = await client.until(/(HTTP\/1\.1 (?:.|\n|\r)*){3}/)
      assert.deepEqual(statusesIn(answers), [200, 403, 200], JSON.stringify(rules))
      assert.deepEqual(server.context.counted, { refused_denied_address: 1 })
    }
  })
})

describe('a server that the PROXY protocol is spoken to', () => {
  test('takes the address and the port of the header for the client, in one piece or byte by byte', async (t) => {
    for (const raw of [{}, { http2: 'off' }]) {
      const server = await serving(t, { ...proxied, ...raw })
      for (const [header, address, port] of [
        [textHeader, '192.0.2.7', 56_324],
        [ofIpv6, '2001:db8::7', 56_324],
      ] as const) {
        const whole = await clientFrom(t, server)
        whole.send(Buffer.concat([header, Buffer.from(`${asking}\r\n`)]))
        const { client, port: told } = toldIn(await whole.closed)
        assert.deepEqual([client, told], [address, port])
        const cut = await clientFrom(t, server)
        for (const byte of [...header, ...Buffer.from(`${asking}\r\n`)]) {
          cut.send(Buffer.from([byte]))
          await new Promise((resolve) => setImmediate(resolve))
        }
        assert.equal(toldIn(await cut.closed).client, address)
      }
    }
  })

  test('takes a header before TLS', { skip: noOpenssl }, async (t) => {
    const issued = new CertificateAuthority(t).issue('localhost')
    const files = { 'tls.crt_file': issued.file, 'tls.key_file': issued.keyFile }
    const server = await serving(t, { ...proxied, tls: 'on', ...files })
    for (const header of [textHeader, ofIpv6]) {
      const { socket } = await RawClient.connect(t, server.port)
      socket.removeAllListeners('data').pause()
      socket.write(header)
      const over = connectTls({ socket, rejectUnauthorized: false })
      await within(5000, once(over, 'secureConnect'), 'the handshake')
      const client = new RawClient(over)
      client.send(`${asking}\r\n`)
      const { client: address, secure } = toldIn(await client.closed)
      assert.deepEqual([address, secure], [header === textHeader ? '192.0.2.7' : '2001:db8::7', true])
    }
  })

  test('takes a connection of the proxy for its own, and believes what that says in HTTP', async (t) => {
    const server = await serving(t, proxied)
    for (const header of [own, Buffer.from('PROXY UNKNOWN\r\n')]) {
      const client = await clientFrom(t, server)
      client.send(Buffer.concat([header, Buffer.from(`${asking}X-Forwarded-For: 198.51.100.1\r\n\r\n`)]))
      assert.deepEqual(toldIn(await client.closed).hops, ['198.51.100.1', '127.0.0.1'])
    }
    const client = await clientFrom(t, server)
    client.send(`${textHeader.toString()}${asking}X-Forwarded-For: 198.51.100.1\r\n\r\n`)
    assert.deepEqual(toldIn(await client.closed).hops, ['192.0.2.7'])
  })

  test('closes connections of others, with no header, or with a malformed one, and counts them', async (t) => {
    const server = await serving(t, proxied)
    const stranger = await clientFrom(t, server, '127.0.0.2')
    stranger.send(Buffer.concat([textHeader, Buffer.from(`${asking}\r\n`)]))
    assert.equal(await stranger.closed, '')
    for (const text of [`${asking}\r\n`, 'PROXY TCP4 192.0.2.7 10.0.0.11 56324 443\n\r\n']) {
      const client = await clientFrom(t, server)
      client.send(text)
      assert.equal(await client.closed, '')
    }
    const half = await clientFrom(t, server)
    half.socket.end('PROXY TCP4 ')
    assert.equal(await half.closed, '')
    const silent = await clientFrom(t, server)
    silent.socket.end()
    assert.equal(await silent.closed, '')
    assert.deepEqual(server.context.counted, { refused_untrusted_proxy: 1, refused_bad_proxy_header: 3 })
  })

  test('does not wait long for a header', async (t) => {
    const server = await serving(t, { ...proxied, header_timeout: '3s' })
    const slow = await clientFrom(t, server)
    slow.send('PROXY')
    // A later one was served: the first was accepted before.
    const later = await clientFrom(t, server)
    later.send(Buffer.concat([textHeader, Buffer.from(`${asking}\r\n`)]))
    assert.equal(toldIn(await later.closed).client, '192.0.2.7')
    const clock = server.context.clock as FakeClock
    await clock.advance(2999)
    slow.send(' TCP4')
    await clock.advance(1)
    assert.equal(await slow.closed, '')
    assert.deepEqual(server.context.counted, { refused_slow_proxy_header: 1 })
  })

  test('limits and judges the connections of each client behind one proxy', async (t) => {
    const rules = placedStage(ipRules, { deny: '203.0.113.0/24' })
    const server = await serving(t, { ...proxied, max_connections_per_address: 1 }, [rules])
    const from = async (address: string): Promise<RawClient> => {
      const client = await clientFrom(t, server)
      client.send(`PROXY TCP4 ${address} 10.0.0.11 1 443\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`)
      return client
    }
    const first = await from('192.0.2.7')
    await first.until(/"client"/)
    assert.equal(await (await from('192.0.2.7')).closed, '')
    assert.equal(await (await from('203.0.113.9')).closed, '')
    await (await from('192.0.2.8')).until(/"client"/)
    assert.deepEqual(server.context.counted, {
      refused_too_many_connections_of_address: 1,
      refused_denied_address: 1,
    })
  })

  test('lets only so many wait, and none that waits keeps it from stopping', async (t) => {
    const server = await serving(t, { ...proxied, max_connections: 1 })
    const waiting = await clientFrom(t, server)
    waiting.send('PROXY')
    assert.equal(await (await clientFrom(t, server)).closed, '')
    assert.deepEqual(server.context.counted, { refused_too_many_connections: 1 })
    await within(5000, server.stop(), 'the end of the server')
    assert.equal(await waiting.closed, '')
  })

  test('must know whose header it is', () => {
    const read = (raw: Raw): unknown => readServerOptions(valuesOf(httpServerOptions(0), raw))
    assert.throws(() => read({ proxy_protocol: 'on' }), { code: 'NET_PROXY_PROTOCOL', message: /^trusted_proxies: / })
    assert.throws(() => read({ trusted_proxies: 'haproxy' }), { code: 'NET_NETWORK', message: /^trusted_proxies: / })
  })
})
