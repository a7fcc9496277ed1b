import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'

import proxy from '../../stages/proxy/index.js'
import { blackHole } from '../support/black-hole.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { freePort } from '../support/ports.js'
import { serveStage } from '../support/stage-server.js'
import { startUpstream } from '../support/upstream.js'

test('a body goes to the next upstream where the first cannot be connected to', async (t) => {
  const upstream = await startUpstream(t, (asked, answer) => void asked.pipe(answer))
  const dead = `http://127.0.0.1:${await freePort()}`
  const { url, context } = await serveStage(t, proxy, { upstreams: [dead, upstream.url] })
  for (const body of ['first', 'second']) {
    const answer = await fetch(url, { method: 'POST', body })
    assert.deepEqual([answer.status, await answer.text()], [200, body])
  }
  const [line] = context.log.lines
  assert.deepEqual([line?.level, line?.message], ['warn', `server ${dead} is offline`])
  assert.deepEqual([context.counted, context.log.lines.length], [{ failed_attempts: 1 }, 1])
})

test('an upstream that failed is left alone for a while, and is back as soon as it can be connected to', async (t) => {
  const context = new RecordingInputContext(new FakeClock())
  const clock = context.clock as FakeClock
  const port = await freePort()
  const second = await startUpstream(t, (_asked, answer) => void answer.end('second'))
  const options = { upstreams: [`http://127.0.0.1:${port}`, second.url], offline_time: '60s' }
  const { url } = await serveStage(t, proxy, options, { context })
  const ask = async (): Promise<string> => (await fetch(url)).text()
  assert.equal(await ask(), 'second')
  await startUpstream(t, (_asked, answer) => void answer.end('first'), { port, host: '127.0.0.1' })
  await clock.advance(44_999)
  assert.equal(await ask(), 'second')
  await clock.advance(30_001)
  await context.log.line(`server http://127.0.0.1:${port} is back`)
  assert.equal(await ask(), 'first')
  assert.equal(context.log.lines.length, 2)
})

test('where all are offline they are asked all the same', async (t) => {
  const port = await freePort()
  const { url, context } = await serveStage(t, proxy, { upstreams: `http://127.0.0.1:${port}` })
  const refused = await fetch(url)
  assert.equal(refused.status, 502)
  assert.equal(refused.headers.get('content-type'), 'application/problem+json')
  assert.ok(!(await refused.text()).includes(String(port)), 'where an upstream is, is nothing for a client')
  await startUpstream(t, (_asked, answer) => void answer.end('up'), { port, host: '127.0.0.1' })
  assert.equal(await (await fetch(url)).text(), 'up')
  assert.equal(context.counted['failed_attempts'], 2)
})

test('what may have done its work already is not asked for twice', async (t) => {
  const asked: string[] = []
  const port = await hangingUp(t, (head) => asked.push(head.split(' ', 1)[0] ?? ''))
  const second = await startUpstream(t, (_asked, answer) => void answer.end())
  const upstreams = [`http://127.0.0.1:${port}`, second.url]
  const { url } = await serveStage(t, proxy, { upstreams, max_failures: 100 })
  const rows = [
    [{ method: 'GET' }, 200],
    [{ method: 'DELETE' }, 200],
    [{ method: 'POST' }, 502],
    [{ method: 'PUT', body: 'sent' }, 502],
  ] as const
  for (const [init, status] of rows) assert.equal((await fetch(url, init)).status, status, init.method)
  assert.deepEqual(asked, ['GET', 'DELETE', 'POST', 'PUT'])
})

test('an upstream that takes too long for an answer, or to connect, is a 504', async (t) => {
  const context = new RecordingInputContext(new FakeClock())
  const silent = await startUpstream(t, () => undefined)
  const options = { upstreams: silent.url, answer_timeout: '3s', attempts: 1 }
  const { url } = await serveStage(t, proxy, options, { context })
  const answer = fetch(url)
  await once(silent.server, 'request')
  await (context.clock as FakeClock).advance(3000)
  assert.equal((await answer).status, 504)
  const hole = { upstreams: `http://127.0.0.1:${await blackHole(t)}`, connect_timeout: '50ms' }
  const unreachable = await serveStage(t, proxy, hole)
  assert.equal((await fetch(unreachable.url)).status, 504)
  assert.deepEqual(unreachable.context.counted, { failed_attempts: 2, refused_upstream_late: 1 })
})

test('an answer that stands still is cut off, one that goes on is not', async (t) => {
  const context = new RecordingInputContext(new FakeClock())
  const clock = context.clock as FakeClock
  const upstream = await startUpstream(t, (_asked, answer) => void answer.write('a'))
  const answers = once(upstream.server, 'request')
  const { url } = await serveStage(t, proxy, { upstreams: upstream.url, answer_timeout: '3s' }, { context })
  const answer = await fetch(url)
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const [, response] = await answers
  for (const letter of ['a', 'b', 'c']) {
    const { value } = await reader.read()
    assert.equal(Buffer.from(value ?? []).toString(), letter)
    await clock.advance(2999)
    response.write(String.fromCharCode(letter.charCodeAt(0) + 1))
  }
  await reader.read()
  await clock.advance(3000)
  await assert.rejects(reader.read())
  assert.equal(context.counted['refused_upstream_late'], 1)
})

/** A server that reads the head of each request and hangs up. */
async function hangingUp(t: TestContext, seen: (head: string) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.once('data', (bytes: Buffer) => {
      seen(bytes.toString())
      socket.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}
