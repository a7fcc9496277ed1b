import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { PermanentError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { Certificate, noOpenssl } from '../support/certificate.js'
import { failure, forever, httpParts, numbered, recordsOf } from '../support/http-output.js'
import { peer } from '../support/peers.js'
import { freePort } from '../support/ports.js'
import { startTinyproxy } from '../support/tinyproxy.js'

describe('the http output and a proxy', { skip: peer('tinyproxy').skip || noOpenssl }, () => {
  const { outputTo, destination } = httpParts()
  const certificate = noOpenssl ? undefined : new Certificate()
  after(() => certificate?.remove())

  test('without TLS the proxy reads the request and passes it on', async (t) => {
    const [proxy, server] = [await startTinyproxy(t), await destination()]
    const output = await outputTo(server.port, {
      proxy: `http://me:p%61ss@127.0.0.1:${proxy.port}`,
      uri: '/in?a=b',
      format: 'json_lines',
    })
    await output.flush(batchOf(numbered(3)), forever)
    const [request] = server.requests
    assert.equal(request?.url, '/in?a=b')
    assert.equal(request.headers.host, `127.0.0.1:${server.port}`)
    assert.equal(request.headers['proxy-authorization'], undefined)
    assert.equal(recordsOf(request).length, 3)
    assert.match(proxy.requests().join('\n'), new RegExp(`^POST http://127\\.0\\.0\\.1:${server.port}/in`))
  })

  test('with TLS it passes a connection on, and sees nothing of what is said', async (t) => {
    const [proxy, server] = [await startTinyproxy(t), await destination(undefined, certificate?.pem)]
    const output = await outputTo(server.port, {
      host: 'localhost',
      tls: 'on',
      'tls.ca_file': certificate?.file,
      proxy: `http://me:p%61ss@127.0.0.1:${proxy.port}`,
      format: 'json_lines',
    })
    for (let flush = 0; flush < 2; flush++) await output.flush(batchOf(numbered(2)), forever)
    assert.equal(server.requests.flatMap(recordsOf).length, 4)
    assert.deepEqual(proxy.requests(), [`CONNECT localhost:${server.port} HTTP/1.1`])
  })

  test('a proxy that lets nobody through is a reason to try again, and no secret is told', async (t) => {
    const [proxy, server] = [await startTinyproxy(t), await destination(undefined, certificate?.pem)]
    const wrong = { proxy: `http://me:hunter2@127.0.0.1:${proxy.port}`, host: 'localhost', tls: 'on' }
    const output = await outputTo(server.port, wrong)
    const error = await failure(output.flush(batchOf(numbered(1)), forever))
    assert.ok(!(error instanceof PermanentError))
    assert.match(error.message, /proxy 127\.0\.0\.1:\d+: answered "HTTP\/1\.[01] 40[17].*" to a CONNECT/)
    assert.doesNotMatch(error.message, /hunter2/)
  })

  test('a proxy that is down is a reason to try again', async () => {
    const proxy = `http://127.0.0.1:${await freePort()}`
    for (const tls of ['on', 'off']) {
      const error = await failure((await outputTo(443, { proxy, tls })).flush(batchOf(numbered(1)), forever))
      assert.match(error.message, /ECONNREFUSED/)
    }
  })
})
