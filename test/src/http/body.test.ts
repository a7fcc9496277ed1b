import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { HttpExchange, Stage } from '../../../src/http/index.js'
import { type RunningServer, startServer } from '../../support/http-server.js'
import { RawClient, say, statusesIn } from '../../support/raw-client.js'

const head = 'POST / HTTP/1.1\r\nHost: a\r\n'
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`

/** Answers with what it has at the end of the turn, or says that it had to wait. */
function atHand(bodies: (string | undefined)[]): Stage {
  const answer = (exchange: HttpExchange): void => {
    try {
      const body = exchange.bodyAtHand()
      bodies.push(body?.toString('latin1'))
      if (body) exchange.reply(200, body)
      else void exchange.body().then((rest) => exchange.reply(200, rest), exchange.fail.bind(exchange))
    } catch (error) {
      exchange.fail(error)
    }
  }
  return { handle: (exchange) => (setImmediate(answer, exchange), true) }
}

async function started(
  t: Parameters<typeof startServer>[0],
  bodyBytes = 1024,
): Promise<RunningServer & { readonly bodies: (string | undefined)[] }> {
  const bodies: (string | undefined)[] = []
  return { ...(await startServer(t, { stages: [atHand(bodies)], limits: { bodyBytes } })), bodies }
}

test('a small body is at hand within the turn of its head, whatever tells its length, and so is that of each request behind it', async (t) => {
  const { port, bodies } = await started(t)
  const requests = [
    `${head}Content-Length: 5\r\n\r\nfirst`,
    `${head}Content-Length: 0\r\n\r\n`,
    `${chunked}3\r\nthi\r\n2\r\nrd\r\n0\r\n\r\n`,
    `${head}Connection: close\r\nContent-Length: 4\r\n\r\nlast`,
  ]
  const answer = await say(t, port, requests.join(''))
  assert.deepEqual(bodies, ['first', '', 'third', 'last'])
  assert.deepEqual(statusesIn(answer), [200, 200, 200, 200])
})

test('a body of which some is still to come is waited for', async (t) => {
  const { port, bodies, context } = await started(t)
  const client = await RawClient.connect(t, port)
  client.send(`${head}Content-Length: 8\r\n\r\nhalf`)
  while (bodies.length === 0) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([bodies, context.reserved], [[undefined], 8])
  client.send('half')
  await client.until(/halfhalf$/)
  assert.equal(context.reserved, 0)
})

test('a body at hand that is longer than the limit, or for which there is no room, is refused, and the connection serves on', async (t) => {
  const { port, context } = await started(t, 4)
  const client = await RawClient.connect(t, port)
  client.send(`${chunked}5\r\nmuch!\r\n0\r\n\r\n`)
  await client.until(/expected at most 4 bytes/)
  context.hasRoom = false
  client.send(`${chunked}1\r\nx\r\n0\r\n\r\n`)
  await client.until(/the memory for events is full/)
  context.hasRoom = true
  client.send(`${head}Content-Length: 2\r\n\r\nok`)
  await client.until(/ok$/)
  assert.deepEqual(context.counted, { refused_body_too_long: 1, refused_no_room: 1 })
  assert.equal(context.reserved, 0)
})
