import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import http from '../../outputs/http/index.js'
import { PermanentError, RetryLater } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { Certificate, noOpenssl } from '../support/certificate.js'
import { HttpDestination } from '../support/http-destination.js'
import { forever, numbered, recordsOf } from '../support/http-output.js'
import { Nginx } from '../support/nginx.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { peer } from '../support/peers.js'
import { freePort } from '../support/ports.js'

describe('the http output and HTTP/2', { skip: peer('nginx').skip || noOpenssl }, () => {
  const behind = new HttpDestination()
  let certificate: Certificate
  let nginx: Nginx
  let port: number

  before(async () => {
    await behind.listen()
    certificate = new Certificate()
    port = await freePort()
    nginx = await Nginx.start(`
      listen 127.0.0.1:${port} ssl http2;
      ssl_certificate ${certificate.file};
      ssl_certificate_key ${certificate.keyFile};
      location /ok { proxy_set_header X-Version $server_protocol; proxy_pass http://127.0.0.1:${behind.port}; }
      location /busy { add_header Retry-After 7 always; return 503; }
      location /gone { return 403; }
    `)
  })

  after(async () => {
    await behind.close()
    certificate.remove()
    await nginx.end()
  })

  async function flush(options: object, count = 1): Promise<unknown> {
    behind.requests.length = 0
    const tls = { host: 'localhost', port, tls: 'on', 'tls.ca_file': certificate.file }
    const raw = { ...tls, format: 'json_lines', ...options }
    const output = await http.create(optionsOf(http, raw), new RecordingOutputContext())
    try {
      for (let left = count; left > 0; left--) await output.flush(batchOf(numbered(100)), forever)
      return undefined
    } catch (error) {
      return error
    } finally {
      await output.close?.()
    }
  }

  for (const [http2, version] of [
    ['on', 'HTTP/2.0'],
    ['off', 'HTTP/1.1'],
  ]) {
    test(`with http2: ${http2} a server that offers both is spoken to in ${version}`, async () => {
      assert.equal(await flush({ http2, uri: '/ok' }, 3), undefined)
      assert.deepEqual(
        behind.requests.map((request) => [request.headers['x-version'], recordsOf(request).length]),
        [
          [version, 100],
          [version, 100],
          [version, 100],
        ],
      )
    })
  }

  test('answers mean what they mean in HTTP/1.1', async () => {
    const busy = await flush({ http2: 'on', uri: '/busy' })
    assert.ok(busy instanceof RetryLater && busy.afterMs === 7000, String(busy))
    assert.ok((await flush({ http2: 'on', uri: '/gone' })) instanceof PermanentError)
  })

  test('a server that does not offer it is spoken to in HTTP/1.1', async () => {
    const plain = await new HttpDestination(certificate.pem).listen()
    assert.equal(await flush({ http2: 'on', port: plain.port }), undefined)
    assert.equal(plain.requests.length, 1)
    await plain.close()
  })
})
