import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'

import { ForwardServer } from '../support/forward-server.js'
import { freePort } from '../support/ports.js'
import { ReloadedAgent, sendNumbers } from '../support/reloaded.js'
import { rowOf } from '../support/sluice.js'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
const numbersOf = (server: ForwardServer): number[] => server.events.map(({ record }) => Number(record['n']))

const pipeline = (listen: number, output: number): string =>
  `{inputs: [{name: tcp, tag: app, port: ${listen}}], outputs: [{name: forward, host: 127.0.0.1, port: ${output}}]}`

test('what waits in memory for a server that is down goes where the new file says', async (t) => {
  const [port, down] = [await freePort(), await freePort()]
  const server = await new ForwardServer().listen()
  t.after(() => server.close())
  const agent = await ReloadedAgent.start(t, pipeline(port, down))
  await sendNumbers(port, 0, 300)
  await agent.untilPending('tcp.0', 300)
  agent.write(pipeline(port, server.port))
  await agent.hangUp()
  await agent.untilPending('tcp.0', 0)
  await sendNumbers(port, 300, 400)
  await agent.untilPending('tcp.0', 0)
  assert.deepEqual(numbersOf(server), upTo(400), 'each once, in order')
  assert.deepEqual(await agent.asked('/api/v2/reload'), [200, { hot_reload_count: 1 }])
  assert.equal(await agent.process.stop('SIGTERM'), 0)
  for (const id of ['tcp.0', 'forward.0']) {
    const { accepted, delivered, dropped, left } = rowOf(agent.process.stderr, id)
    assert.deepEqual([id, accepted, delivered, dropped, left], [id, 400, 400, 0, 0], 'the ledger goes on')
  }
})

test('a wrong file changes nothing, and whoever asked hears what is wrong', async (t) => {
  const port = await freePort()
  const server = await new ForwardServer().listen()
  t.after(() => server.close())
  const agent = await ReloadedAgent.start(t, pipeline(port, server.port))
  agent.write(pipeline(port, server.port).replace('tcp', 'tpc'))
  await agent.hangUp('the agent goes on with the one that it has')
  assert.match(agent.process.stderr, /error reload sluice\.yaml:2:\d+: error: .*tpc/)
  for (const method of ['POST', 'PUT']) {
    const [status, body] = await agent.asked('/api/v2/reload', method)
    const { reload, problems } = body as { readonly reload: string; readonly problems: readonly string[] }
    assert.deepEqual([status, reload], [400, 'refused'])
    assert.match(problems.join('\n'), /tpc/)
  }
  await sendNumbers(port, 0, 10)
  await agent.untilPending('tcp.0', 0)
  assert.deepEqual(numbersOf(server), upTo(10))
  assert.equal((await agent.ledger()).inputs['tcp.0']?.delivered, 10)
})

test('an address that somebody has: the old file takes over once more, with what came meanwhile', async (t) => {
  const [port, output] = [await freePort(), await freePort()]
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.after(() => other.close())
  const { port: taken } = other.address() as { readonly port: number }
  const agent = await ReloadedAgent.start(t, pipeline(port, output))
  await sendNumbers(port, 0, 10)
  await agent.untilPending('tcp.0', 10)
  agent.write(pipeline(taken, output))
  assert.deepEqual(await agent.asked('/api/v2/reload', 'POST'), [200, { reload: 'done', status: 0 }])
  await agent.process.until(() => /going back to the old configuration/.test(agent.process.stderr), 'it goes back')
  assert.match(agent.process.stderr, /error reload tcp\.0: .*EADDRINUSE/)
  const server = await new ForwardServer().listen({ port: output })
  t.after(() => server.close())
  await agent.process.until(
    () => (agent.process.stderr.match(/tcp\.0 listening/g)?.length ?? 0) >= 2,
    'it listens again',
  )
  await sendNumbers(port, 10, 20)
  await agent.untilPending('tcp.0', 0)
  assert.deepEqual(numbersOf(server), upTo(20))
  assert.deepEqual(await agent.asked('/api/v2/reload'), [200, { hot_reload_count: 0 }])
})
