import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Stage } from '../../../src/http/index.js'
import { startServer } from '../../support/http-server.js'
import { RawClient, statusesIn } from '../../support/raw-client.js'

test('a body that never stops to drip in gets a 408 all the same', async (t) => {
  const waiting: Stage = { handle: (exchange) => exchange.body().then(() => exchange.reply(200)) }
  const { port, context } = await startServer(t, { stages: [waiting], limits: { headerMs: 200, requestMs: 300 } })
  const client = await RawClient.connect(t, port)
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n')
  const dripping = setInterval(() => client.send('x'), 10)
  t.after(() => clearInterval(dripping))
  assert.deepEqual(statusesIn(await client.closed), [408])
  assert.deepEqual([context.counted, context.reserved], [{ refused_too_slow: 1 }, 0])
})
