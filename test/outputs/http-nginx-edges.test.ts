import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import http from '../../outputs/http/index.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { AgentError, PermanentError, RetryLater } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { HttpDestination } from '../support/http-destination.js'
import { failure, forever, httpParts, numbered, status } from '../support/http-output.js'
import { Nginx } from '../support/nginx.js'
import { peer } from '../support/peers.js'

describe('the http output and nginx at its edges', { skip: peer('nginx').skip }, () => {
  const { outputTo } = httpParts()
  const behind = new HttpDestination()
  let nginx: Nginx

  before(async () => {
    await behind.listen()
    nginx = await Nginx.start(`
      keepalive_requests 1;
      gzip on; gzip_min_length 1; gzip_types *;
      location /ok { proxy_pass http://127.0.0.1:${behind.port}; }
      location /date { add_header Retry-After "Fri, 01 Jan 2100 00:00:00 GMT" always; return 503; }
      location /nobody { proxy_pass http://127.0.0.1:1; }
    `)
  })

  after(async () => {
    await behind.close()
    await nginx.end()
  })

  test('a connection that it closes after each request is no reason to fail', async () => {
    behind.answer = status(200)
    const output = await outputTo(nginx.port, { uri: '/ok' })
    for (let flush = 0; flush < 5; flush++) await output.flush(batchOf(numbered(1)), forever)
    assert.equal(behind.requests.length, 5)
  })

  test('a Retry-After that is a date far away is kept to an hour', async () => {
    const error = await failure((await outputTo(nginx.port, { uri: '/date' })).flush(batchOf(numbered(1)), forever))
    assert.ok(error instanceof RetryLater)
    assert.equal(error.afterMs, 3_600_000)
  })

  test('502, since nobody is behind it: again', async () => {
    const error = await failure((await outputTo(nginx.port, { uri: '/nobody' })).flush(batchOf(numbered(1)), forever))
    assert.ok(!(error instanceof PermanentError))
    assert.match(error.message, /answered 502/)
  })

  test('an answer that is compressed though nobody asked for it is told as text', async () => {
    behind.answer = (_request, response) =>
      void response.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync('no such field'))
    const error = await failure((await outputTo(nginx.port, { uri: '/ok' })).flush(batchOf(numbered(1)), forever))
    assert.match(error.message, /answered 400 "no such field"/)
  })
})

const cut: readonly [name: string, answer: string][] = [
  ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nshort'],
  ['within its length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort'],
  ['in its head', 'HTTP/1.1 200 OK\r\nContent-Le'],
]
for (const [name, answer] of cut) {
  test(`an answer that breaks off ${name} is none: the batch comes again`, async (t) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(answer))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const output = await http.create(optionsOf(http, { port }), new RecordingOutputContext())
    t.after(() => output.close?.())
    const error = await failure(output.flush(batchOf(numbered(1)), forever))
    assert.ok(error instanceof AgentError && !(error instanceof PermanentError))
    assert.equal(error.code, 'HTTP_UNREACHABLE')
  })
}
