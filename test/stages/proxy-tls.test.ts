import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'

import proxy from '../../stages/proxy/index.js'
import { Certificate, noOpenssl } from '../support/certificate.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { serveStage } from '../support/stage-server.js'
import { startUpstream } from '../support/upstream.js'

test('an upstream of https must show a certificate that is trusted', { skip: noOpenssl }, async (t) => {
  const { upstreams, file } = await secureUpstream(t)
  const trusting = await serveStage(t, proxy, { upstreams, 'tls.ca_file': file })
  assert.equal(await (await fetch(trusting.url)).text(), 'secure localhost')
  const keepsHost = await serveStage(t, proxy, { upstreams, 'tls.ca_file': file, preserve_host: true })
  assert.equal(await (await fetch(keepsHost.url)).text(), 'secure localhost')
  const doubting = await serveStage(t, proxy, { upstreams })
  assert.equal((await fetch(doubting.url)).status, 502)
  assert.match(String(doubting.context.log.lines[0]?.fields?.['reason']), /certificate/)
  const careless = await serveStage(t, proxy, { upstreams, 'tls.verify': false })
  assert.equal((await fetch(careless.url)).status, 200)
})

test('an upstream of https is back when it can be connected to with TLS', { skip: noOpenssl }, async (t) => {
  const context = new RecordingInputContext(new FakeClock())
  const { upstreams, file, server } = await secureUpstream(t)
  const { port } = server.address() as AddressInfo
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
  const plain = await startUpstream(t, (_asked, answer) => void answer.end('plain'))
  const options = { upstreams: [upstreams, `${plain.url} standby`], 'tls.ca_file': file }
  const { url } = await serveStage(t, proxy, options, { context })
  assert.equal(await (await fetch(url)).text(), 'plain')
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  await (context.clock as FakeClock).advance(75_000)
  await context.log.line(`server ${upstreams} is back`)
  assert.equal(await (await fetch(url)).text(), 'secure localhost')
})

/** Answers with the name that it was asked for in the handshake. */
async function secureUpstream(t: TestContext) {
  const certificate = new Certificate()
  t.after(() => certificate.remove())
  const server = createServer(certificate.pem, (asked, answer) => {
    const { servername } = asked.socket as unknown as { servername: string }
    answer.end(`secure ${servername}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { server, upstreams: `https://localhost:${(server.address() as AddressInfo).port}`, file: certificate.file }
}
