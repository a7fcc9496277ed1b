import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'

import proxy from '../../stages/proxy/index.js'
import { Certificate, noOpenssl } from '../support/certificate.js'
import { serveStage } from '../support/stage-server.js'

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

/** Answers with the name that it was asked for in the handshake. */
async function secureUpstream(t: TestContext): Promise<{ readonly upstreams: string; readonly file: string }> {
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
  return { upstreams: `https://localhost:${(server.address() as AddressInfo).port}`, file: certificate.file }
}
