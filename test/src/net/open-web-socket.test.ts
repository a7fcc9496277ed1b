import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { openWebSocket } from '../../../src/net/open-web-socket.js'
import { ByteServer } from '../../support/byte-server.js'
import { within } from '../../support/within.js'

const never = new AbortController().signal

/** A server that says this much of an answer to a WebSocket, and an attempt to open one with it. */
async function attempt(
  t: TestContext,
  parts: { timeoutMs: number; signal?: AbortSignal; says?: (to: Socket) => void },
) {
  const server = await new ByteServer().listen()
  t.after(() => server.close())
  server.greet = (socket) => parts.says?.(socket)
  const { timeoutMs, signal = never } = parts
  const limits = { timeoutMs, signal, longestMessageBytes: 1024 }
  const opening = openWebSocket({ host: '127.0.0.1', port: server.port }, { path: '/events', ...limits })
  const gone = () =>
    within(
      5000,
      server.until(() => server.sockets.every(({ closed }) => closed)),
      'the end of the connection',
    )
  return { server, opening, gone }
}

describe('openWebSocket', () => {
  const answers: readonly (readonly [string, (to: Socket) => void])[] = [
    ['says nothing', () => undefined],
    ['says a part of its answer', (to) => to.write('HTTP/1.1 101 Switching Proto')],
    ['says again and again that it is at work', (to) => repeat(to, 'HTTP/1.1 102 Processing\r\n\r\n')],
  ]
  for (const [name, says] of answers)
    it(`leaves a server that ${name} when its time is over`, async (t) => {
      const { opening, gone } = await attempt(t, { timeoutMs: 500, says })
      const over = within(5000, opening, 'the end of the attempt')
      await assert.rejects(over, { code: 'NET_TIMEOUT', message: /127\.0\.0\.1:\d+: no .* within 500 ms$/ })
      await gone()
    })

  it('is over as soon as whoever wanted it stops, and leaves no connection', async (t) => {
    const stop = new AbortController()
    const { server, opening, gone } = await attempt(t, { timeoutMs: 60_000, signal: stop.signal })
    await server.until(() => server.text.includes('Upgrade: websocket'))
    const reason = new Error('stopping')
    stop.abort(reason)
    await assert.rejects(within(5000, opening, 'the end of the attempt'), reason)
    await gone()
  })
})

/** Until the connection is gone, each time that the other end has taken it. */
function repeat(to: Socket, text: string): void {
  const again = (): void => void (to.writable && to.write(text, () => setTimeout(again, 20)))
  again()
}
