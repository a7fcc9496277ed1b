import assert from 'node:assert/strict'
import { test } from 'node:test'
import http from '../../../outputs/http/index.js'
import { Poster } from '../../../src/http-client/poster.js'
import { tokenRequestOf } from '../../../src/http-client/token-request.js'
import { TokenSource } from '../../../src/http-client/token-source.js'
import { FakeClock } from '../../support/fake-clock.js'
import { HttpDestination } from '../../support/http-destination.js'
import { optionsOf } from '../../support/options.js'

test('that the token before is refused does not make it ask again while it asks', async (t) => {
  const [server, clock] = [await new HttpDestination().listen(), new FakeClock()]
  t.after(() => server.close())
  server.answer = (_request, response) => {
    response.end(JSON.stringify({ access_token: `token-${server.requests.length}`, expires_in: 1000 }))
  }
  const tokens = sourceAt(server.port, clock)
  t.after(() => tokens.close())
  assert.equal(await tokens.token(), 'token-1')
  await clock.advance(1_000_000)
  const asked = tokens.token()
  tokens.refused('token-1')
  assert.deepEqual(await Promise.all([asked, tokens.token()]), ['token-2', 'token-2'])
  assert.equal(server.requests.length, 2)
})

function sourceAt(port: number, clock: FakeClock): TokenSource {
  const options = optionsOf(http, {
    'oauth2.enable': 'on',
    'oauth2.token_url': `http://127.0.0.1:${port}/token`,
    'oauth2.client_id': 'fleet',
    'oauth2.client_secret': 'secret',
  })
  const request = tokenRequestOf(options)
  assert.ok(request)
  const poster = new Poster({
    target: { host: '127.0.0.1', port },
    where: 'tokens',
    answerBytes: 2048,
    connections: 1,
    keepalive: false,
    idleTimeoutMs: 1000,
    connectTimeoutMs: 10_000,
    responseTimeoutMs: 10_000,
    tls: false,
    http2: false,
    proxy: undefined,
    readTls: () => undefined,
  })
  return new TokenSource({ request, poster, skewMs: 0, clock })
}
