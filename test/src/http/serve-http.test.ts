import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'

import { HttpError, routerOf, type Stage } from '../../../src/http/index.js'
import { startServer } from '../../support/http-server.js'

const greeting: Stage = {
  handle: routerOf({
    'GET /hello/:name': (exchange) => exchange.reply(200, `hello ${exchange.params['name']}`),
    'POST /echo': async (exchange) => exchange.reply(200, await exchange.body()),
    'GET /broken': () => {
      throw new Error('a bug')
    },
  }),
}

test('a route answers, HEAD has the head of GET, other methods are told which there are', async (t) => {
  const { url } = await startServer(t, { stages: [greeting] })
  const answer = await fetch(`${url}/hello/w%C3%B6rld`)
  assert.equal(await answer.text(), 'hello wörld')
  const head = await fetch(`${url}/hello/you`, { method: 'HEAD' })
  assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '9', ''])
  const wrong = await fetch(`${url}/hello/you`, { method: 'DELETE' })
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET, HEAD'])
  assert.equal((await fetch(`${url}/nowhere`)).status, 404)
})

test('stages are asked in their order, and the first that answers is the last', async (t) => {
  const seen: string[] = []
  const noting = (name: string, owns: boolean): Stage => ({
    onConnect: () => seen.push(`${name} 10`) > 0,
    onRequest: () => seen.push(`${name} 20`) < 0,
    handle: async (exchange) => {
      seen.push(`${name} 30`)
      return owns && exchange.reply(200, name)
    },
    onResponse: ({ response }) => void seen.push(`${name} 40 ${response.statusCode}`),
    onClose: () => void seen.push(`${name} 50`),
  })
  const server = await startServer(t, { stages: [noting('a', false), noting('b', true), noting('c', true)] })
  assert.equal(await (await fetch(server.url, { headers: { connection: 'close' } })).text(), 'b')
  await server.stop()
  const stages = (n: number): string[] => ['a', 'b', 'c'].map((name) => `${name} ${n}`)
  const expected = [...stages(10), ...stages(20), 'a 30', 'b 30', 'a 40 200', 'b 40 200', 'c 40 200', ...stages(50)]
  assert.deepEqual(seen, expected)
})

test('a stage that throws costs one request: a 500, or the status that it says as a problem document', async (t) => {
  const refusing: Stage = {
    handle: ({ path }) => {
      if (path !== '/refused') return false
      throw new HttpError(422, 'no', { fields: { index: 3 }, headers: { 'retry-after': '7' } })
    },
  }
  const { url, context } = await startServer(t, { stages: [greeting, refusing] })
  assert.equal((await fetch(`${url}/broken`)).status, 500)
  const refused = await fetch(`${url}/refused`)
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [422, '7'])
  assert.equal(refused.headers.get('content-type'), 'application/problem+json')
  assert.equal(refused.headers.get('x-content-type-options'), 'nosniff')
  assert.deepEqual(await refused.json(), { title: 'Unprocessable Entity', status: 422, detail: 'no', index: 3 })
  assert.equal(await (await fetch(`${url}/hello/you`)).text(), 'hello you')
  assert.deepEqual(context.counted, { failed_requests: 1, refused_status_422: 1 })
})

test('a body is read up to its limit, whole or in chunks, and the memory that it held is free again', async (t) => {
  const { url, context } = await startServer(t, { stages: [greeting], limits: { bodyBytes: 1000 } })
  const echo = (body: string | Blob | ReadableStream): Promise<Response> =>
    fetch(`${url}/echo`, { method: 'POST', body, duplex: 'half' } as never)
  const chunked = (bytes: number): ReadableStream => new Blob(['x'.repeat(bytes)]).stream()
  assert.equal(await (await echo('x'.repeat(1000))).text(), 'x'.repeat(1000))
  assert.equal(await (await echo(chunked(1000))).text(), 'x'.repeat(1000))
  assert.equal((await echo('x'.repeat(1001))).status, 413)
  assert.equal((await echo(chunked(1001))).status, 413)
  assert.equal(context.reserved, 0)
  context.hasRoom = false
  const full = await echo('x')
  assert.deepEqual([full.status, full.headers.get('retry-after')], [503, '1'])
})

test('a client that went away while a stage was asked holds no memory, and nobody waits for its body', async (t) => {
  const [asked, gone, read] = [signalOf(), signalOf(), signalOf()]
  const slow: Stage = {
    async onRequest(exchange) {
      exchange.signal.addEventListener('abort', gone.tell)
      asked.tell()
      await gone.told
      return false
    },
    async handle(exchange) {
      await exchange.body().finally(read.tell)
      return true
    },
  }
  const { port, context } = await startServer(t, { stages: [slow] })
  const client = connect(port, '127.0.0.1')
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx')
  await asked.told
  client.resetAndDestroy()
  await read.told
  await setImmediate() // until the server has heard of it too
  assert.equal(context.reserved, 0)
  assert.deepEqual(context.counted, { refused_cut_off: 1 })
})

test('stopping lets a request end that is being served, and takes no new one', async (t) => {
  let finish = (): void => undefined
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const slow: Stage = {
    handle: (exchange) =>
      new Promise((resolve) => {
        finish = () => resolve(exchange.reply(200, 'done'))
        begin()
      }),
  }
  const server = await startServer(t, { stages: [slow] })
  const answer = fetch(server.url)
  await begun
  const stopped = server.stop()
  const late = connect(server.port, '127.0.0.1')
  await assert.rejects(once(late, 'connect'), /ECONNREFUSED/)
  finish()
  const { headers, status } = await answer
  assert.deepEqual([status, headers.get('connection')], [200, 'close'])
  await stopped
})

function signalOf(): { readonly told: Promise<void>; readonly tell: () => void } {
  let tell = (): void => undefined
  const told = new Promise<void>((resolve) => (tell = resolve))
  return { told, tell }
}
