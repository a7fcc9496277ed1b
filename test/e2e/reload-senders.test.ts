import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ForwardServer } from '../support/forward-server.js'
import { freePort } from '../support/ports.js'
import { ReloadedAgent } from '../support/reloaded.js'
import { rowOf } from '../support/sluice.js'

/** Posts `{n}` again and again with numbers of its own until it is told to stop; keeps those that were answered with yes. */
async function post(url: string, first: number, answered: number[], signal: AbortSignal): Promise<void> {
  for (let n = first; !signal.aborted; n += 10) {
    const body = JSON.stringify({ n })
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).catch(
      () => undefined,
    )
    await answer?.text().catch(() => undefined)
    if (answer?.ok) answered.push(n)
  }
}

test('nothing that was answered with yes is lost over reloads, from stage to stage of a durable lane', async (t) => {
  const [port, output] = [await freePort(), await freePort()]
  const service = 'storage: {path: storage, mode: durable}'
  const pipeline = (tag: string): string =>
    `{inputs: [{name: http, tag: ${tag}, port: ${port}, ack: stored}], outputs: [{name: forward, match: '*', host: 127.0.0.1, port: ${output}}]}`
  const agent = await ReloadedAgent.start(t, pipeline('first'), service)
  const stop = new AbortController()
  const answered: number[] = []
  const senders = Array.from({ length: 4 }, (_, n) => post(`http://127.0.0.1:${port}/`, n, answered, stop.signal))
  for (const tag of ['second', 'third']) {
    const before = answered.length
    while (answered.length < before + 20) await agent.ledger()
    agent.write(pipeline(tag), service)
    await agent.hangUp()
  }
  stop.abort()
  await Promise.all(senders)
  const server = await new ForwardServer().listen({ port: output })
  t.after(() => server.close())
  await agent.untilPending('http.0', 0)
  assert.equal(await agent.process.stop('SIGTERM'), 0)
  const arrived = new Set(server.events.map(({ record }) => Number(record['n'])))
  assert.deepEqual(
    answered.filter((n) => !arrived.has(n)),
    [],
    'each that was answered with yes arrived',
  )
  const { accepted, delivered, dropped, left } = rowOf(agent.process.stderr, 'http.0')
  assert.ok(accepted >= answered.length)
  assert.deepEqual([delivered, dropped, left], [accepted, 0, 0], 'the ledger balances')
})
