import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'

import { blackHole } from '../../support/black-hole.js'
import { Certificate, noOpenssl } from '../../support/certificate.js'
import { noOwnHosts, OwnHosts } from '../../support/own-hosts.js'

const [first, second] = ['127.0.0.3', '127.0.0.4'] as const

async function listening(t: TestContext, host: string, port = 0, server: Server = createServer()): Promise<number> {
  server.on('connection', (socket) => void socket.on('error', () => undefined).resume())
  server.listen(port, host)
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

describe('the name of a server', { skip: noOwnHosts }, () => {
  test('is looked up again for each connection', async (t) => {
    const hosts = await OwnHosts.start(t)
    const port = await listening(t, first)
    await listening(t, second, port)
    hosts.set(first)
    assert.equal(await hosts.connect(port), first)
    hosts.set(second)
    assert.equal(await hosts.connect(port), second)
    hosts.set()
    assert.match(await hosts.connect(port), /connect to gateway\.test:\d+: .*(ENOTFOUND|EAI_AGAIN)/)
    hosts.set(first)
    assert.equal(await hosts.connect(port), first)
  })

  test('has all its addresses tried where the first refuses', async (t) => {
    const hosts = await OwnHosts.start(t)
    const port = await listening(t, second)
    hosts.set(first, '127.0.0.5', second)
    assert.equal(await hosts.connect(port), second)
    hosts.set(first, '127.0.0.5')
    assert.match(await hosts.connect(port), /ECONNREFUSED 127\.0\.0\.3:\d+, .*ECONNREFUSED 127\.0\.0\.5/)
  })

  test('has all its addresses tried where the first swallows every packet', async (t) => {
    const hosts = await OwnHosts.start(t)
    const port = await blackHole(t)
    hosts.set('127.0.0.1', second)
    await listening(t, second, port)
    assert.equal(await hosts.connect(port), second)
    hosts.set('127.0.0.1')
    assert.match(await hosts.connect(port, { timeoutMs: 300 }), /no answer within 300 ms/)
  })

  test('has all its addresses tried with TLS, too', { skip: noOpenssl }, async (t) => {
    const certificate = new Certificate()
    t.after(() => certificate.remove())
    const hosts = await OwnHosts.start(t)
    const port = await blackHole(t)
    hosts.set('127.0.0.1', first, second)
    await listening(t, second, port, createTlsServer(certificate.pem))
    assert.equal(await hosts.connect(port, { secure: true }), second)
  })
})
