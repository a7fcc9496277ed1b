import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test, type TestContext } from 'node:test'

import proxy from '../../stages/proxy/index.js'
import { type RunningServer, type ServerParts } from '../support/http-server.js'
import { parseListen } from '../../src/net/listen-address.js'
import { rawExchange } from '../support/raw-http.js'
import { folderOf } from '../support/folder.js'
import { serveStage } from '../support/stage-server.js'
import { startUpstream, textOf } from '../support/upstream.js'

test('headers of one connection stay on it, both ways, and so do those that Connection names', async (t) => {
  const { url } = await telling(t)
  const headers = {
    connection: 'close, X-Secret',
    'x-secret': 'between us',
    'proxy-authorization': 'Basic x',
    'keep-alive': 'timeout=9',
    te: 'trailers',
    'x-kept': ['one', 'two'],
  }
  const answer = await ask(url, headers)
  for (const name of ['x-secret', 'proxy-authorization', 'keep-alive', 'te']) assert.equal(answer.told[name], undefined)
  assert.equal(answer.told['x-kept'], 'one, two')
  assert.equal(answer.told['connection'], 'keep-alive')
  assert.equal(answer.headers['x-of-the-hop'], undefined)
  assert.equal(answer.headers['proxy-connection'], undefined)
  assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2'])
})

test('upstreams are told who asked, and nobody can say that it was another', async (t) => {
  const { url, port } = await telling(t)
  const lie = { 'x-forwarded-for': '10.9.9.9', forwarded: 'for=10.9.9.9', 'x-real-ip': '10.9.9.9', via: '1.0 before' }
  const { told } = await ask(url, { ...lie, connection: 'x-forwarded-for, forwarded' })
  const host = `127.0.0.1:${port}`
  assert.equal(told['forwarded'], `for=127.0.0.1;host="${host}";proto=http`)
  assert.equal(told['x-forwarded-for'], '127.0.0.1')
  assert.equal(told['x-forwarded-host'], host)
  assert.equal(told['x-forwarded-proto'], 'http')
  assert.equal(told['x-real-ip'], undefined)
  assert.equal(told['via'], '1.0 before, 1.1 sluice')
})

test('what a trusted proxy says of those before it is kept', async (t) => {
  const { url } = await telling(t, { trust_forwarded: true })
  const said = { 'x-forwarded-for': '10.9.9.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'panel.example' }
  const { told } = await ask(url, { ...said, forwarded: 'for=10.9.9.9' })
  assert.equal(told['x-forwarded-for'], '10.9.9.9, 127.0.0.1')
  assert.equal(told['x-forwarded-proto'], 'https')
  assert.equal(told['x-forwarded-host'], 'panel.example')
  assert.match(told['forwarded'] ?? '', /^for=10\.9\.9\.9, for=127\.0\.0\.1;host=/)
})

test('clients of IPv6 and of unix sockets are named as RFC 7239 wants it', async (t) => {
  const six = await telling(t, {}, { listen: [parseListen('[::1]', 0)] })
  const { told } = await ask(`http://[::1]:${six.port}`, {})
  assert.match(told['forwarded'] ?? '', /^for="\[::1\]";/)
  const path = `${folderOf(t, {})}/server.sock`
  await telling(t, {}, { listen: [{ path }] })
  const local = await ask('http://a', { host: 'a"b' }, path)
  assert.match(local.told['forwarded'] ?? '', /^for=unknown;host="a\\"b";/)
})

test('the name of the upstream is asked for, or with preserve_host that of this server', async (t) => {
  const own = await telling(t)
  assert.match((await ask(own.url, {})).told['host'] ?? '', /^localhost:/)
  const kept = await telling(t, { preserve_host: true })
  assert.equal((await ask(kept.url, {})).told['host'], `127.0.0.1:${kept.port}`)
})

test('a request of two lengths is refused, and a body is never passed on without its length', async (t) => {
  const seen: string[] = []
  const upstream = await startUpstream(t, (asked, answer) => {
    const { 'content-length': length = 'none', 'transfer-encoding': coding = 'none' } = asked.headers
    void textOf(asked)
      .then((text) => seen.push(`${asked.method} ${asked.url} ${length} ${coding} ${text}`))
      .finally(() => answer.end())
  })
  const { port } = await serveStage(t, proxy, { upstreams: upstream.url })
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
  const send = async (method: string, headers: string, body: string): Promise<string> => {
    const head = `${method} /${method} HTTP/1.1\r\nHost: a\r\nConnection: close${headers}\r\n\r\n`
    return (await rawExchange(port, head + body)).slice(9, 12)
  }
  const two = '\r\nContent-Length: 5\r\nTransfer-Encoding: chunked'
  const chunked = '\r\nTransfer-Encoding: chunked'
  const bytes = smuggled.length.toString(16)
  assert.equal(await send('POST', two, `0\r\n\r\n${smuggled}`), '400')
  assert.equal(await send('POST', '\r\nContent-Length: 5\r\nContent-Length: 6', 'abcdef'), '400')
  assert.equal(await send('POST', '\r\nTransfer-Encoding: xchunked', 'abcdef'), '400')
  assert.equal(await send('POST', '\r\nContent-Length: +5', 'abcde'), '400')
  assert.deepEqual(seen, [])
  assert.equal(await send('GET', chunked, `${bytes}\r\n${smuggled}\r\n0\r\n\r\n`), '200')
  assert.equal(await send('DELETE', `, content-length\r\nContent-Length: ${smuggled.length}`, smuggled), '200')
  assert.deepEqual(seen, [`GET /GET none chunked ${smuggled}`, `DELETE /DELETE ${smuggled.length} none ${smuggled}`])
})

test('paths are rewritten on the way to an upstream, and redirects of it on the way back', async (t) => {
  const upstream = await startUpstream(t, (asked, answer) => {
    const to = new URL(asked.url ?? '', 'http://a').searchParams.get('to') ?? ''
    answer.writeHead(302, { location: to.replace('SELF', `http://${asked.headers.host}`), 'x-path': asked.url })
    answer.end()
  })
  const options = { upstreams: `http://localhost:${upstream.port}`, path: '/device/7', rewrite: '/ui' }
  const { url } = await serveStage(t, proxy, options)
  const go = async (path: string, to: string): Promise<readonly (string | null)[]> => {
    const { headers } = await fetch(`${url}${path}?to=${to}`, { redirect: 'manual' })
    return [headers.get('x-path')?.replace(/\?.*/, '') ?? null, headers.get('location')]
  }
  assert.deepEqual(await go('/device/7', '/ui/login'), ['/ui', '/device/7/login'])
  assert.deepEqual(await go('/device/7/a%2Fb', 'SELF/ui/login%3Fa'), ['/ui/a%2Fb', '/device/7/login?a'])
  assert.deepEqual(await go('/%64evice/7/', 'SELF/other'), ['/ui/', '/other'])
  assert.deepEqual(await go('/device/7/a', '/uint'), ['/ui/a', '/uint'])
  assert.deepEqual(await go('/device/7/a', 'https://elsewhere.example/ui'), ['/ui/a', 'https://elsewhere.example/ui'])
})

interface Told {
  readonly headers: NodeJS.Dict<string | string[]>
  /** What the upstream was told. */
  readonly told: { readonly [name: string]: string | undefined }
}

/** A proxy whose upstream answers with the headers that it got. */
async function telling(t: TestContext, options = {}, parts: Partial<ServerParts> = {}): Promise<RunningServer> {
  const upstream = await startUpstream(t, (asked, answer) => {
    answer.setHeader('connection', 'x-of-the-hop, keep-alive').setHeader('x-of-the-hop', 'y')
    answer.setHeader('proxy-connection', 'keep-alive').setHeader('set-cookie', ['a=1', 'b=2'])
    answer.end(JSON.stringify(asked.headers))
  })
  return serveStage(t, proxy, { upstreams: `http://localhost:${upstream.port}`, ...options }, parts)
}

async function ask(url: string, headers: NodeJS.Dict<string | string[]>, socketPath?: string): Promise<Told> {
  const asked = request(url, { headers, ...(socketPath === undefined ? {} : { socketPath }) }).end()
  const [answer] = await once(asked, 'response')
  return { headers: answer.headers, told: JSON.parse(await textOf(answer)) }
}
