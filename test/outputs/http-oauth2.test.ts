import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import http from '../../outputs/http/index.js'
import { PermanentError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { FakeClock } from '../support/fake-clock.js'
import type { HttpDestination } from '../support/http-destination.js'
import { failure, forever, httpParts, numbered, status } from '../support/http-output.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

describe('the http output and OAuth 2', () => {
  const { outputTo, destination } = httpParts()

  /** A server that gives tokens `token-1`, `token-2`, … */
  async function issuer(lastsSeconds = 3600): Promise<HttpDestination> {
    const server: HttpDestination = await destination((_request, response) => {
      const token = { access_token: `token-${server.requests.length}`, token_type: 'Bearer', expires_in: lastsSeconds }
      response.writeHead(200).end(JSON.stringify(token))
    })
    return server
  }

  function oauth2(server: HttpDestination, more: object = {}): { readonly [name: string]: unknown } {
    return {
      'oauth2.enable': 'on',
      'oauth2.token_url': `http://127.0.0.1:${server.port}/token?tenant=a`,
      'oauth2.client_id': 'fleet 1',
      'oauth2.client_secret': 's3cr:t',
      ...more,
    }
  }

  test('asks for a token once, as the protocol has it, and sends it with every request', async () => {
    const [tokens, server] = [await issuer(), await destination()]
    const output = await outputTo(server.port, oauth2(tokens, { 'oauth2.scope': 'write', 'oauth2.audience': 'x' }))
    for (let flush = 0; flush < 3; flush++) await output.flush(batchOf(numbered(1)), forever)
    const [request, ...others] = tokens.requests
    assert.deepEqual(others, [])
    assert.equal(request?.url, '/token?tenant=a')
    assert.equal(request.headers.authorization, `Basic ${Buffer.from('fleet+1:s3cr%3At').toString('base64')}`)
    assert.equal(request.body.toString(), 'grant_type=client_credentials&scope=write&audience=x')
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-1', 'Bearer token-1'],
    )
  })

  test('names itself within the body where the server wants that', async () => {
    const [tokens, server] = [await issuer(), await destination()]
    const output = await outputTo(server.port, oauth2(tokens, { 'oauth2.auth_method': 'post' }))
    await output.flush(batchOf(numbered(1)), forever)
    const [request] = tokens.requests
    assert.equal(request?.headers.authorization, undefined)
    const body = 'grant_type=client_credentials&client_id=fleet+1&client_secret=s3cr%3At'
    assert.equal(request?.body.toString(), body)
  })

  test('asks once for flushes that are under way together', async () => {
    const [tokens, server] = [await issuer(), await destination()]
    const output = await outputTo(server.port, oauth2(tokens, { max_in_flight: 4 }))
    const batches = [0, 1, 2, 3].map((n) => ({ ...batchOf(numbered(1)), id: `batch-${n}` }))
    await Promise.all(batches.map((batch) => output.flush(batch, forever)))
    assert.equal(tokens.requests.length, 1)
    assert.equal(server.requests.length, 4)
  })

  test('replaces a token shortly before it ends', async (t) => {
    const [tokens, server, clock] = [await issuer(1000), await destination(), new FakeClock()]
    const options = optionsOf(http, { port: server.port, ...oauth2(tokens) })
    const output = await http.create(options, new RecordingOutputContext(clock))
    t.after(() => output.close?.())
    for (const seconds of [0, 939, 2]) {
      await clock.advance(seconds * 1000)
      await output.flush(batchOf(numbered(1)), forever)
    }
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-1', 'Bearer token-2'],
    )
  })

  test('replaces a token that was refused, once', async () => {
    const tokens = await issuer()
    const server = await destination((request, response) => {
      const isOld = request.headers.authorization === 'Bearer token-1'
      response.writeHead(isOld ? 401 : 200).end()
    })
    const output = await outputTo(server.port, oauth2(tokens))
    await output.flush(batchOf(numbered(1)), forever)
    assert.equal(tokens.requests.length, 2)
    server.answer = (request, response) => void response.writeHead(401).end(`no ${request.headers.authorization}`)
    const error = await failure(output.flush(batchOf(numbered(1)), forever))
    assert.ok(error instanceof PermanentError)
    assert.match(error.message, /answered 401 "no Bearer \*\*\*"/)
    assert.equal(tokens.requests.length, 3)
  })

  const failures: readonly [name: string, code: number, text: string, told: RegExp][] = [
    ['a wrong secret', 401, '{"error":"no client with s3cr:t"}', /answered 401 "{\\"error\\":\\"no client with \*\*\*/],
    ['a server that is down', 503, '', /answered 503 ""$/],
    ['an answer without a token', 200, '{"expires_in":3600}', /answered 200 with no token$/],
    ['an answer that is no JSON', 200, '<html>', /answered 200 with no token$/],
  ]
  for (const [name, code, text, told] of failures) {
    test(`${name} is a reason to try again, and nothing is sent`, async () => {
      const [tokens, server] = [await destination(status(code, {}, text)), await destination()]
      const output = await outputTo(server.port, oauth2(tokens))
      const error = await failure(output.flush(batchOf(numbered(1)), forever))
      assert.ok(!(error instanceof PermanentError))
      assert.match(error.message, told)
      assert.equal(server.requests.length, 0)
      tokens.answer = status(200, {}, '{"access_token":"good"}')
      await output.flush(batchOf(numbered(1)), forever)
      assert.equal(server.requests[0]?.headers.authorization, 'Bearer good')
    })
  }

  test('a flush that is ended does not wait for the token', async () => {
    const [tokens, server] = [await destination(() => undefined), await destination()]
    const output = await outputTo(server.port, oauth2(tokens))
    const abort = new AbortController()
    const flush = output.flush(batchOf(numbered(1)), abort.signal)
    await tokens.received(1)
    abort.abort(new Error('ended'))
    await assert.rejects(flush, /^Error: ended$/)
  })

  test('what is missing is told when the output is made', () => {
    const raw = { 'oauth2.enable': 'on', 'oauth2.token_url': 'http://x/token', 'oauth2.client_id': 'a' }
    assert.throws(() => http.create(optionsOf(http, raw), new RecordingOutputContext()), {
      code: 'HTTP_OAUTH2',
      message: 'oauth2.client_secret: expected it beside oauth2.enable, got none',
    })
  })
})
