import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { test, type TestContext } from 'node:test'

import type { Stage } from '../../../src/http/index.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { RawClient } from '../../support/raw-client.js'

const stage: Stage = {
  handle: async (exchange) => exchange.reply(200, `got ${String(await exchange.body())}`),
}

async function posting(t: TestContext, version: string): Promise<RunningServer & { readonly client: RawClient }> {
  const server = await startServer(t, { stages: [stage] })
  const client = await RawClient.connect(t, server.port)
  client.send(`POST / HTTP/${version}\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 4\r\n\r\n`)
  return { ...server, client }
}

test('a client of HTTP/1.1 that waits to be told sends its body then', async (t) => {
  const { client } = await posting(t, '1.1')
  await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/)
  client.send('body')
  assert.match(await client.until(/got body$/), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
})

test('a client of HTTP/1.0 is told nothing before its answer, for it would take that for the answer', async (t) => {
  const { client } = await posting(t, '1.0')
  client.send('body')
  assert.match(await client.until(/got body$/), /^HTTP\/1\.1 200 OK\r\n/)
})

test('an expectation that nobody knows gets a problem document over HTTP/2 too, and is counted', async (t) => {
  const { url, context } = await startServer(t, { stages: [stage] })
  const session = connect(url)
  t.after(() => session.destroy())
  const stream = session.request({ ':path': '/', expect: 'tea' })
  const [headers] = (await once(stream, 'response')) as [
    { readonly ':status': number; readonly 'content-type': string },
  ]
  assert.deepEqual([headers[':status'], headers['content-type']], [417, 'application/problem+json'])
  assert.deepEqual(context.counted, { refused_unknown_expectation: 1 })
})
