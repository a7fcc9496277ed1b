import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'

import proxy from '../../stages/proxy/index.js'
import { Nginx } from '../support/nginx.js'
import { peer } from '../support/peers.js'
import { rawExchange } from '../support/raw-http.js'
import { serveStage } from '../support/stage-server.js'
import { startUpstream, type UpstreamServer } from '../support/upstream.js'
import { within } from '../support/within.js'

const nginx = peer('nginx')

test('a WebSocket works through this proxy and nginx behind it', { skip: nginx.skip }, async (t) => {
  const { port } = await echoServer(t)
  const between = await Nginx.start(`
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }
  `)
  t.after(() => between.end())
  const { url } = await serveStage(t, proxy, { upstreams: `http://127.0.0.1:${between.port}` })
  const client = new WebSocket(`${url}/chat`, ['v1'])
  await once(client, 'open')
  assert.equal(client.protocol, 'v1')
  const large = Buffer.alloc(3_000_000, 'a')
  for (const message of [Buffer.from('short'), large]) {
    client.send(message)
    const [data] = await once(client, 'message')
    assert.ok(message.equals(data))
  }
  client.close(4000, 'enough')
  assert.deepEqual([...(await once(client, 'close'))].map(String), ['4000', 'enough'])
})

test('an upgrade that the upstream refuses is answered as it answers', async (t) => {
  const upstream = await startUpstream(t, () => undefined)
  upstream.server.on('upgrade', (_asked, socket) =>
    socket.end('HTTP/1.1 401 No\r\nContent-Length: 4\r\nWWW-Authenticate: Basic\r\n\r\nauth'),
  )
  const { port } = await serveStage(t, proxy, { upstreams: upstream.url })
  const answer = await allOf(await upgrading(port, 'websocket'))
  assert.match(answer, /^HTTP\/1\.1 401 .*www-authenticate: Basic\r\n.*\r\n\r\nauth$/is)
})

test('bytes are passed on as they are, from the first one, and each end hears when the other says no more', async (t) => {
  const upstream = await startUpstream(t, () => undefined)
  upstream.server.on('upgrade', (asked, socket: Socket, head: Buffer) => {
    socket.write(
      `HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: ${asked.headers.upgrade}\r\nX-Mine: 1\r\n\r\nhello `,
    )
    socket.write(head)
    socket.pipe(socket)
  })
  const { port } = await serveStage(t, proxy, { upstreams: upstream.url })
  const client = await upgrading(port, 'websocket', 'early ')
  client.end('late')
  const answer = await allOf(client)
  assert.match(answer, /^HTTP\/1\.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nx-mine: 1\r\n/)
  assert.ok(answer.endsWith('\r\n\r\nhello early late'), answer)
})

test('an end that goes away takes the other one with it', async (t) => {
  const upstream = await echoServer(t)
  const { url } = await serveStage(t, proxy, { upstreams: upstream.url })
  const first = await opened(upstream, url)
  first.client.terminate()
  await once(first.atUpstream, 'close')
  const second = await opened(upstream, url)
  second.atUpstream.terminate()
  await once(second.client, 'close')
})

test('a server that stops ends what it passes on, and does not wait', async (t) => {
  const upstream = await echoServer(t)
  const server = await serveStage(t, proxy, { upstreams: upstream.url }, { limits: { drainMs: 60_000 } })
  const { client, atUpstream } = await opened(upstream, server.url)
  const closed = Promise.all([once(client, 'close'), once(atUpstream, 'close')])
  await within(20_000, server.stop(), 'the stop of a server with a tunnel')
  await closed
})

test('HTTP/2 by upgrade, and bodies beside an upgrade, lead to no tunnel', async (t) => {
  let upgrades = 0
  const upstream = await startUpstream(t, (_asked, answer) => void answer.end('plain'))
  upstream.server.on('upgrade', (_asked, socket) => {
    upgrades++
    socket.destroy()
  })
  const { port } = await serveStage(t, proxy, { upstreams: upstream.url })
  const h2c = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n'
  assert.match(await rawExchange(port, h2c), /^HTTP\/1\.1 200 .*plain/s)
  const withBody = await allOf(await upgrading(port, 'websocket\r\nContent-Length: 5', 'hello'))
  assert.match(withBody, /^HTTP\/1\.1 400 /)
  assert.equal(upgrades, 0)
})

interface EchoServer extends UpstreamServer {
  readonly webSockets: WebSocketServer
}

/** A WebSocket server of another make than what is tested. */
async function echoServer(t: TestContext): Promise<EchoServer> {
  const upstream = await startUpstream(t, () => undefined)
  const webSockets = new WebSocketServer({ server: upstream.server })
  webSockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
  t.after(() => webSockets.clients.forEach((client) => client.terminate()))
  return { ...upstream, webSockets }
}

async function opened({ webSockets }: EchoServer, url: string): Promise<{ client: WebSocket; atUpstream: WebSocket }> {
  const client = new WebSocket(url)
  const [[atUpstream]] = await Promise.all([once(webSockets, 'connection'), once(client, 'open')])
  return { client, atUpstream }
}

/** A client that says what it has to say behind its head at once. */
async function upgrading(port: number, protocol: string, early = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n${early}`)
  return socket
}

async function allOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const part of socket.setEncoding('latin1') as AsyncIterable<string>) text += part
  return text
}
