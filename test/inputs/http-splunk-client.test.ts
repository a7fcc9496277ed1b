import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'

import { ingesting } from '../support/http-ingest.js'
import { freePort } from '../support/ports.js'
import { comesTrue, fullAgent, refusedForRoom, shipped } from '../support/shipping.js'
import { type SplunkLogger, splunkLogger } from '../support/splunk-logger.js'

const numbers = Array.from({ length: 100 }, (_, n) => n)

/** Sends each number, so many at once; answers Splunk's codes, as many as there were requests. */
async function send(logger: SplunkLogger, atOnce: number): Promise<(number | undefined)[]> {
  const codes: (number | undefined)[] = []
  for (const n of numbers) {
    const metadata = { time: 1_700_000_000.123, host: 'gw1', source: 'app', sourcetype: 'json', index: 'main' }
    logger.send({ message: { n, text: 'ü"' }, severity: 'warn', metadata }, (_error, _response, body) => {
      codes.push(body?.code)
    })
  }
  await comesTrue(() => codes.length === numbers.length / atOnce, 'every request is answered')
  return codes
}

function numbersIn(events: ReturnType<typeof shipped>): number[] {
  const told = events.map(({ record }) => (record['event'] as { message: { n: number } }).message.n)
  return told.toSorted((a, b) => a - b)
}

for (const atOnce of [1, 20]) {
  test(`Splunk's own client for Node sends events, ${atOnce} at a time`, async (t) => {
    const { port, events, agent } = await ingesting(t, { input: { tag: 'hec' } })
    assert.deepEqual(new Set(await send(splunkLogger(port, { atOnce }), atOnce)), new Set([0]))
    assert.deepEqual(numbersIn(events), numbers)
    const { tag, time, record } = events.find((event) => numbersIn([event])[0] === 7) ?? assert.fail()
    assert.deepEqual([tag, time], ['hec', { seconds: 1_700_000_000, nanoseconds: 123_000_000 }])
    const event = { message: { n: 7, text: 'ü"' }, severity: 'warn' }
    assert.deepEqual(record, { host: 'gw1', source: 'app', sourcetype: 'json', index: 'main', event })
    assert.deepEqual(agent.ledger.inputs['http.0']?.counters, {})
  })
}

test("Splunk's own client sends again what it could not send, once each", async (t) => {
  let broken = 0
  const breaking = createServer((socket) => {
    broken += 1
    socket.destroy()
  })
  const port = await freePort()
  await once(breaking.listen(port, '127.0.0.1'), 'listening')
  const sent = send(splunkLogger(port, { atOnce: 20, retries: 10 }), 20)
  await comesTrue(() => broken >= 10, 'the client tries again')
  breaking.close()
  const { events } = await ingesting(t, { port })
  assert.deepEqual(await sent, [0, 0, 0, 0, 0])
  assert.deepEqual(numbersIn(events), numbers)
})

test("Splunk's own client is told that the server is busy, and by its health when it is no more", async (t) => {
  const full = await fullAgent(t)
  const logger = splunkLogger(full.port, { atOnce: 20 })
  const told: unknown[] = []
  logger.error = ({ message, code }) => void told.push([message, code])
  const busyBefore = refusedForRoom(full)
  assert.deepEqual(await send(logger, 20), [9, 9, 9, 9, 9])
  assert.deepEqual(
    told,
    Array.from({ length: 5 }, () => ['Server is busy', 9]),
  )
  assert.equal(refusedForRoom(full) - busyBefore, 5)
  const health = async (): Promise<number> => (await fetch(`${full.url}/services/collector/health`)).status
  assert.equal(await health(), 503)
  full.makeRoom()
  while ((await health()) !== 200);
  assert.deepEqual(await send(logger, 20), [0, 0, 0, 0, 0])
  await comesTrue(() => shipped(full).length >= numbers.length, 'all arrive')
  assert.deepEqual(numbersIn(shipped(full)), numbers)
})
