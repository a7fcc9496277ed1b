import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'

import { systemClock } from '../../../src/base/clock.js'
import { acceptWebSocket, type Stage, type WebSocketPeer, type WebSocketSettings } from '../../../src/http/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { within } from '../../support/within.js'

const echo: Partial<WebSocketSettings> = { message: (data, peer) => peer.send(data) }

test('text stays text and bytes stay bytes, both ways', async (t) => {
  const { server } = await accepting(t, echo)
  const client = await connected(server)
  client.send('grüße')
  assert.deepEqual(await nextMessage(client), 'grüße')
  client.send(Buffer.from([0, 255]))
  assert.deepEqual(await nextMessage(client), Buffer.from([0, 255]))
  client.close()
  await once(client, 'close')
})

test('messages that come while one is being taken wait for it, in order', async (t) => {
  const gates: (() => void)[] = []
  const taken: string[] = []
  const message = async (data: string | Buffer, peer: WebSocketPeer): Promise<void> => {
    await new Promise<void>((resolve) => gates.push(resolve))
    taken.push(String(data))
    peer.send(`took ${String(data)}`)
  }
  const { server } = await accepting(t, { message })
  const client = await connected(server)
  for (const text of ['a', 'b', 'c']) client.send(text)
  for (const text of ['a', 'b', 'c']) {
    const answer = nextMessage(client)
    while (gates.length === 0) await new Promise(setImmediate)
    assert.equal(gates.length, 1)
    gates.shift()?.()
    assert.equal(await answer, `took ${text}`)
  }
  assert.deepEqual(taken, ['a', 'b', 'c'])
  client.terminate()
})

test('pages of foreign origins are refused, those of this host and the allowed ones are not', async (t) => {
  const { server } = await accepting(t, { origins: ['https://panel.example'] })
  for (const origin of [undefined, server.url, 'https://panel.example'])
    (await connected(server, origin === undefined ? {} : { origin })).terminate()
  for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1', 'https://panel.example.evil']) {
    const refused = new WebSocket(server.url, { origin })
    await assert.rejects(once(refused, 'open'), /Unexpected server response: 403/)
  }
})

test('what is no handshake of WebSocket is told so, and its connection closed', async (t) => {
  const { server } = await accepting(t)
  const upgrade = { connection: 'upgrade', upgrade: 'websocket' }
  const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
  const rows = [
    [upgrade, 400],
    [{ ...upgrade, ...key, 'sec-websocket-version': '7' }, 400],
  ] as const
  for (const [headers, status] of rows) assert.equal(await statusOf(server, headers), status)
})

test('a subprotocol is agreed on only where both ends speak it', async (t) => {
  const { server } = await accepting(t, { protocols: ['v2', 'v1'] })
  const client = new WebSocket(server.url, ['v1', 'v2'])
  await once(client, 'open')
  assert.equal(client.protocol, 'v2')
  client.terminate()
  await assert.rejects(once(new WebSocket(server.url, ['v9']), 'open'), /subprotocol/)
})

test('a message that is too long, or that the handler fails with, closes the connection and says why', async (t) => {
  const message = (data: string | Buffer): void | Promise<void> => {
    if (data === 'now') throw new Error('a bug')
    return Promise.reject(new Error('a slow bug'))
  }
  const { server } = await accepting(t, { message, messageBytes: 100 })
  const rows = [
    ['x'.repeat(101), 1009],
    ['now', 1011],
    ['later', 1011],
  ] as const
  for (const [data, code] of rows) {
    const client = await connected(server)
    client.send(data)
    assert.equal((await once(client, 'close'))[0], code)
  }
  assert.deepEqual(
    server.context.log.lines.map(({ fields }) => fields?.['reason']),
    ['a bug', 'a slow bug'],
  )
})

test('a client that answers no ping is cut off, one that does is kept', async (t) => {
  const clock = new FakeClock()
  const { server, accepted } = await accepting(t, { clock })
  const mute = await connected(server, { autoPong: false })
  const mutePeer = await accepted()
  const lively = await connected(server)
  await accepted()
  for (let pings = 0; pings < 2; pings++) {
    const ping = once(lively, 'ping')
    await clock.advance(30_000)
    await ping
    lively.ping()
    await once(lively, 'pong') // behind it, in order: the answer to the server's ping has arrived too
  }
  await within(20_000, mutePeer.closed, 'the end of the one that is mute')
  assert.equal((await onceClosed(mute))[0], 1006)
  assert.equal(lively.readyState, WebSocket.OPEN)
  lively.terminate()
})

test('a client that reads nothing loses the oldest messages, and gets the last one', async (t) => {
  const { server, accepted } = await accepting(t, { limitBytes: 100_000 })
  const client = await connected(server)
  const peer = await accepted()
  client.pause()
  let sent = 0
  for (; peer.dropped === 0; sent++) {
    peer.send(`${sent} ${'x'.repeat(9000)}`)
    await new Promise(setImmediate)
  }
  peer.send('the last')
  const got: string[] = []
  client.on('message', (data) => got.push(String(data).split(' ', 1)[0] ?? ''))
  client.resume()
  while (got.at(-1) !== 'the') await once(client, 'message')
  assert.equal(got.length, sent + 1 - peer.dropped)
  assert.equal(got.at(-2), String(sent - 1))
  client.terminate()
})

test('a server that stops says 1001 and does not wait', async (t) => {
  const { server } = await accepting(t)
  const client = await connected(server)
  const closed = once(client, 'close')
  await within(20_000, server.stop(), 'the stop of a server with a WebSocket')
  assert.equal((await closed)[0], 1001)
})

interface Accepting {
  readonly server: RunningServer
  /** The server's end of the next client. */
  readonly accepted: () => Promise<WebSocketPeer>
}

async function accepting(t: TestContext, settings: Partial<WebSocketSettings> = {}): Promise<Accepting> {
  const context = new RecordingInputContext(systemClock)
  const peers: WebSocketPeer[] = []
  let wake = (): void => undefined
  const complete = { clock: systemClock, log: context.log, messageBytes: 10_000, limitBytes: 50_000, ...settings }
  const stage: Stage = {
    onUpgrade: async (exchange, socket, head) => {
      peers.push(await acceptWebSocket(exchange, socket, head, complete))
      wake()
      return true
    },
  }
  const server = await startServer(t, { stages: [stage], limits: { drainMs: 60_000 }, context })
  const accepted = async (): Promise<WebSocketPeer> => {
    while (peers.length === 0) await new Promise<void>((resolve) => (wake = resolve))
    return peers.shift() as WebSocketPeer
  }
  return { server, accepted }
}

async function connected({ url }: RunningServer, options: WebSocket.ClientOptions = {}): Promise<WebSocket> {
  const client = new WebSocket(url, options)
  await once(client, 'open')
  return client
}

async function nextMessage(client: WebSocket): Promise<string | Buffer> {
  const [data, isBinary] = (await once(client, 'message')) as [Buffer, boolean]
  return isBinary ? data : data.toString()
}

async function onceClosed(client: WebSocket): Promise<unknown[]> {
  return client.readyState === WebSocket.CLOSED ? [1006] : once(client, 'close')
}

function statusOf({ url }: RunningServer, headers: { readonly [name: string]: string }): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers })
    asked.once('response', (answer) => {
      answer.resume()
      answer.once('close', () => resolve(answer.statusCode))
    })
    asked.once('error', reject).end()
  })
}
