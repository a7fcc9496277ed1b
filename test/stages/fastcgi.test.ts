import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'

import { record, RecordReader } from '../../stages/fastcgi/records.js'
import fastcgi from '../../stages/fastcgi/index.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { peer } from '../support/peers.js'
import { startPhpFpm } from '../support/php-fpm.js'
import { serveStage } from '../support/stage-server.js'

const { skip } = peer('php-fpm')

test('php-fpm answers what its scripts say, and is told of the request as CGI is', { skip }, async (t) => {
  const php = await startPhpFpm(t, {
    'index.php': `<?php echo 'index of ', $_SERVER['SCRIPT_NAME'];`,
    'a/b.php': `<?php http_response_code(201); header('X-A: b'); setcookie('c', 'd');
      echo json_encode([$_SERVER['PATH_INFO'], $_GET, $_SERVER['HTTP_X_MINE'], $_SERVER['MINE'], $_SERVER['DOCUMENT_ROOT'],
        isset($_SERVER['HTTP_PROXY']), file_get_contents('php://input')]);`,
  })
  const options = { upstream: `unix:${php.socket}`, root: php.root, path: '/app', params: { MINE: 'yes' } }
  const { url } = await serveStage(t, fastcgi, options)
  const utf8 = Buffer.from('é'.repeat(200)).toString('latin1')
  const headers = { 'x-mine': utf8, proxy: 'http://evil' }
  const answer = await fetch(`${url}/app/a/b.php/more%20?q=1`, { method: 'POST', body: 'body', headers })
  assert.deepEqual([answer.status, answer.headers.get('x-a')], [201, 'b'])
  assert.equal(answer.headers.get('set-cookie'), 'c=d')
  const told = await answer.json()
  assert.deepEqual(told, ['/more ', { q: '1' }, 'é'.repeat(200), 'yes', php.root, false, 'body'])
  assert.equal(await (await fetch(`${url}/app/`)).text(), 'index of /app/index.php')
  assert.equal((await fetch(`${url}/app/none.php`)).status, 404)
  assert.equal((await fetch(`${url}/app/style.css`)).status, 404)
})

test('bodies and answers of any size go through, one connection after the other', { skip }, async (t) => {
  const php = await startPhpFpm(t, { 'echo.php': `<?php fpassthru(fopen('php://input', 'r'));` })
  const { url } = await serveStage(t, fastcgi, { upstream: `unix:${php.socket}`, root: php.root })
  for (const bytes of [0, 1, 65_528, 65_529, 3_000_000]) {
    const body = 'x'.repeat(bytes)
    const answer = await fetch(`${url}/echo.php`, { method: 'POST', body })
    assert.equal(await answer.text(), body)
  }
})

test('a worker that goes after its last request costs no request', { skip }, async (t) => {
  const php = await startPhpFpm(t, { 'pid.php': `<?php echo getmypid();` }, 2)
  const { url, context } = await serveStage(t, fastcgi, { upstream: `unix:${php.socket}`, root: php.root })
  const workers = new Set<string>()
  for (let at = 0; at < 6; at++) workers.add(await (await fetch(`${url}/pid.php`)).text())
  assert.ok(workers.size >= 3, `${workers.size} workers`)
  assert.deepEqual([context.log.lines, context.counted], [[], {}])
})

test('what a script says to its standard error is logged', { skip }, async (t) => {
  const php = await startPhpFpm(t, { 'bad.php': `<?php error_log('no good'); echo 'ok';` })
  const { url, context } = await serveStage(t, fastcgi, { upstream: `unix:${php.socket}`, root: php.root })
  assert.equal(await (await fetch(`${url}/bad.php`)).text(), 'ok')
  const { fields } = await context.log.line('script had something to say')
  assert.match(String(fields?.['text']), /no good/)
})

test('one connection serves request after request, and one that the responder closed is left', async (t) => {
  const responder = await startResponder(t, ({ answer }) => answer('A: b\n\nok'))
  const { url } = await serveStage(t, fastcgi, { upstream: `127.0.0.1:${responder.port}` })
  for (let at = 0; at < 3; at++) assert.equal(await (await fetch(url)).text(), 'ok')
  assert.equal(responder.sockets.length, 1)
  const [first] = responder.sockets as [Socket]
  first.destroy()
  await once(first, 'close')
  assert.equal(await (await fetch(url)).text(), 'ok')
  assert.equal(responder.sockets.length, 2)
})

test('a request that the responder hangs up on is asked again only where that does no harm', async (t) => {
  let hangUp = false
  let asked = 0
  const responder = await startResponder(t, ({ socket, answer }) => {
    asked++
    if (hangUp) socket.destroy()
    else answer('A: b\n\nok')
    hangUp = false
  })
  const { url } = await serveStage(t, fastcgi, { upstream: `127.0.0.1:${responder.port}` })
  const rows = [
    [{ method: 'GET' }, 200, 2],
    [{ method: 'POST', body: 'x' }, 502, 1],
  ] as const
  for (const [init, status, times] of rows) {
    await (await fetch(url)).text()
    hangUp = true
    asked = 0
    const answer = await fetch(url, init)
    assert.deepEqual([answer.status, asked], [status, times])
    await answer.text()
  }
})

test('an answer that breaks off, or is refused, never looks like a whole one', async (t) => {
  const rows = [
    [(socket: Socket) => socket.end(record(6, Buffer.from('A: b\n\nhalf'))), 'broken'],
    [(socket: Socket) => socket.write(record(3, Buffer.from([0, 0, 0, 0, 2, 0, 0, 0]))), '502'],
    [(socket: Socket) => socket.write('HTTP/1.1 400 Bad\r\n\r\n'), '502'],
    [(socket: Socket) => socket.write(record(3, Buffer.from([0]))), '502'],
  ] as const
  for (const [misbehave, expected] of rows) {
    const responder = await startResponder(t, ({ socket }) => void misbehave(socket))
    const { url } = await serveStage(t, fastcgi, { upstream: `127.0.0.1:${responder.port}` })
    const outcome = fetch(url).then(async (answer) => ((await answer.text()) === 'half' ? 'whole' : `${answer.status}`))
    assert.equal(await outcome.catch(() => 'broken'), expected)
  }
})

test('a responder that is not there is a 502, one that is silent a 504, one that is busy a 503', async (t) => {
  const context = new RecordingInputContext(new FakeClock())
  const begun: (() => void)[] = []
  const responder = await startResponder(t, () => begun.shift()?.())
  const upstream = `127.0.0.1:${responder.port}`
  const { url } = await serveStage(t, fastcgi, { upstream, max_connections: 1, answer_timeout: '5s' }, { context })
  const isAsked = new Promise<void>((resolve) => begun.push(resolve))
  const silent = fetch(url)
  await isAsked
  assert.equal((await fetch(url)).status, 503)
  await (context.clock as FakeClock).advance(5000)
  assert.equal((await silent).status, 504)
  const absent = await serveStage(t, fastcgi, { upstream: 'unix:/nowhere/at.all' })
  assert.equal((await fetch(absent.url)).status, 502)
  assert.match(String(absent.context.log.lines[0]?.fields?.['reason']), /ENOENT/)
})

test('each of several workers has its part of the connections, and one at least', async (t) => {
  const rows = [
    { most: 8, workers: 4, each: 2 },
    { most: 1, workers: 4, each: 1 },
  ]
  for (const { most, workers, each } of rows) {
    const context = Object.assign(new RecordingInputContext(), { workers })
    // The head of an answer that never ends.
    const responder = await startResponder(t, ({ socket }) => socket.write(record(6, Buffer.from('A: b\n\n'))))
    const options = { upstream: `127.0.0.1:${responder.port}`, max_connections: most }
    const { url } = await serveStage(t, fastcgi, options, { context })
    const asked: Response[] = []
    for (let at = 0; at <= each; at++) asked.push(await fetch(url))
    assert.deepEqual(
      asked.map(({ status }) => status),
      [...Array.from({ length: each }, () => 200), 503],
    )
  }
})

test('a client that goes away takes its connection with it', async (t) => {
  const responder = await startResponder(t, () => undefined)
  const { url } = await serveStage(t, fastcgi, { upstream: `127.0.0.1:${responder.port}` })
  const asked = request(url)
    .on('error', () => undefined)
    .end()
  const [socket] = (await once(responder.server, 'connection')) as [Socket]
  const closed = once(socket, 'close')
  asked.destroy()
  await closed
})

interface Asked {
  readonly socket: Socket
  readonly answer: (text: string) => void
}

/** A responder that does what the test wants with each request, once all of it came. */
async function startResponder(t: TestContext, serve: (asked: Asked) => void) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined))
    const reader = new RecordReader()
    const answer = (text: string): void => {
      socket.write(record(6, Buffer.from(text)))
      socket.write(record(3, Buffer.alloc(8)))
    }
    socket.on('data', (bytes: Buffer) => {
      for (const { type, content } of reader.push(bytes))
        if (type === 5 && content.length === 0) serve({ socket, answer })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { server, sockets, port: (server.address() as AddressInfo).port }
}
