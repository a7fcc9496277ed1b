import assert from 'node:assert/strict'
import { test } from 'node:test'

import { routerOf, type Stage } from '../../../src/http/index.js'
import { startServer } from '../../support/http-server.js'
import { say, statusesIn } from '../../support/raw-client.js'

const stage: Stage = {
  handle: routerOf({
    'POST /in': async (exchange) => exchange.reply(200, `${(await exchange.body()).length} bytes`),
    'GET /in': (exchange) => exchange.reply(200, 'got'),
  }),
}

const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n'

function post(headers: string, body: string): string {
  return `POST /in HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`
}

function chunked(body: string): string {
  return post('Transfer-Encoding: chunked', body)
}

/** Each could be read as one request by one program and as two by the next. */
const vectors: readonly (readonly [name: string, request: string])[] = [
  ['both lengths', post('Content-Length: 6\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden}`)],
  ['both lengths, the other way round', post('Transfer-Encoding: chunked\r\nContent-Length: 6', `0\r\n\r\n${hidden}`)],
  ['two lengths that differ', post('Content-Length: 0\r\nContent-Length: 36', hidden)],
  ['two lengths in one header', post('Content-Length: 0, 36', hidden)],
  ['two lengths that are the same', post('Content-Length: 0\r\nContent-Length: 0', hidden)],
  ['a length with a sign', post('Content-Length: +0', hidden)],
  ['a length below zero', post('Content-Length: -1', hidden)],
  ['a length in hexadecimal', post('Content-Length: 0x0', hidden)],
  ['a length beyond 64 bits', post('Content-Length: 18446744073709551616', hidden)],
  ['a coding that is not chunked', post('Transfer-Encoding: xchunked', `0\r\n\r\n${hidden}`)],
  ['a coding after chunked', post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${hidden}`)],
  ['chunked twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', `0\r\n\r\n${hidden}`)],
  ['chunked in HTTP/1.0', `POST /in HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a chunk size that is no number', chunked(`g\r\n\r\n${hidden}`)],
  ['a chunk size with a sign', chunked(`+0\r\n\r\n${hidden}`)],
  ['a chunk size with 0x', chunked(`0x0\r\n\r\n${hidden}`)],
  ['a chunk size beyond 64 bits', chunked(`10000000000000000\r\n\r\n${hidden}`)],
  ['a chunk that is longer than its size', chunked(`1\r\nab\r\n0\r\n\r\n${hidden}`)],
  ['a chunk extension that ends with a bare line feed', chunked(`0;a\n\r\n${hidden}`)],
  ['a bare line feed after a chunk size', chunked(`0\n\r\n${hidden}`)],
  ['a bare line feed after the first line', `GET /in HTTP/1.1\nHost: a\r\n\r\n${hidden}`],
  ['a bare line feed after a header', `GET /in HTTP/1.1\r\nHost: a\nX: b\r\n\r\n${hidden}`],
  ['a bare carriage return in a header', `GET /in HTTP/1.1\r\nHost: a\r\nX: b\rContent-Length: 36\r\n\r\n${hidden}`],
  ['a header over two lines', `GET /in HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n${hidden}`],
  ['a coding over two lines', post('Transfer-Encoding:\r\n chunked', `0\r\n\r\n${hidden}`)],
  ['a space before the colon', post('Content-Length : 36', hidden)],
  ['a space before the first header', `GET /in HTTP/1.1\r\n Host: a\r\nX: b\r\n\r\n${hidden}`],
  ['a null in a header', `GET /in HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n${hidden}`],
  ['no host', `GET /in HTTP/1.1\r\nX: a\r\n\r\n${hidden}`],
  ['two hosts', `GET /in HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${hidden}`],
  ['two hosts that are the same', `GET /in HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n${hidden}`],
  ['a host that is none', `GET /in HTTP/1.1\r\nHost: a/b\r\n\r\n${hidden}`],
  ['another version', `GET /in HTTP/3.0\r\nHost: a\r\n\r\n${hidden}`],
  ['the version of HTTP/2', `GET /in HTTP/2.0\r\nHost: a\r\n\r\n${hidden}`],
  ['two hosts, in the version of HTTP/2', `GET /in HTTP/2.0\r\nHost: a\r\nHost: b\r\n\r\n${hidden}`],
  ['no version', `GET /in\r\nHost: a\r\n\r\n${hidden}`],
]

for (const [name, request] of vectors) {
  test(`refused, and the connection closed: ${name}`, async (t) => {
    const served: string[] = []
    const noting: Stage = { onRequest: ({ path }) => served.push(path) < 0 }
    const { port, context } = await startServer(t, { stages: [noting, stage] })
    const answer = await say(t, port, request)
    assert.deepEqual(statusesIn(answer), [400], answer)
    assert.match(answer, /^connection: close\r$/im)
    assert.ok(!served.includes('/hidden'), 'what the request hid was served')
    assert.deepEqual(context.counted, { refused_malformed: 1 })
    assert.equal(context.reserved, 0)
  })
}

test('chunks with extensions are read, unless these are longer than all that a head may have', async (t) => {
  const { port, context } = await startServer(t, { stages: [stage] })
  const body = '3;name=value;other="x"\r\nabc\r\n0\r\n\r\n'
  const read = await say(t, port, post('Transfer-Encoding: chunked\r\nConnection: close', body))
  assert.match(read, /^HTTP\/1\.1 200 [^]*\r\n\r\n3 bytes$/)
  const long = await say(t, port, chunked(`3;${'x'.repeat(20_000)}\r\nabc\r\n0\r\n\r\n`))
  assert.deepEqual(statusesIn(long), [413])
  assert.deepEqual(context.counted, { refused_body_too_long: 1 })
})

test('a client of HTTP/1.0 needs no host, and one that names it twice is as wrong as any', async (t) => {
  const { port } = await startServer(t, { stages: [stage] })
  assert.deepEqual(statusesIn(await say(t, port, 'GET /in HTTP/1.0\r\n\r\n')), [200])
  assert.deepEqual(statusesIn(await say(t, port, 'GET /in HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n')), [400])
})

test('a body in a transfer coding that nobody undoes is not taken for what it holds', async (t) => {
  const { port, context } = await startServer(t, { stages: [stage] })
  const answer = await say(t, port, post('Transfer-Encoding: gzip, chunked', `1\r\na\r\n0\r\n\r\n${hidden}`))
  assert.deepEqual(statusesIn(answer), [501], answer)
  assert.match(answer, /^connection: close\r$/im)
  assert.deepEqual(context.counted, { refused_unknown_coding: 1 })
  assert.deepEqual(
    statusesIn(await say(t, port, post('Transfer-Encoding: Chunked\r\nConnection: close', '0\r\n\r\n'))),
    [200],
  )
})
