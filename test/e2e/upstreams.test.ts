import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../support/folder.js'
import { HttpDestination } from '../support/http-destination.js'
import type { TestProcess } from '../support/process.js'
import { rowOf, sluice } from '../support/sluice.js'

const probeMs = 300

/** An agent that sends what it reads to one of two gateways, and how long each event takes to get there. */
class Road {
  sent = 0
  /** Longest that one took, but for the first, for which the agent had to start. */
  longestMs = 0
  /** The numbers of the events in the order in which they arrived, repeated ones too. */
  readonly arrived: number[] = []
  readonly #agent: TestProcess
  readonly #gateways: readonly HttpDestination[]

  constructor(agent: TestProcess, gateways: readonly HttpDestination[]) {
    this.#agent = agent
    this.#gateways = gateways
    for (const gateway of gateways)
      gateway.answer = ({ body }, response) => {
        response.end()
        this.arrived.push(...(JSON.parse(body.toString()) as { readonly n: number }[]).map(({ n }) => n))
      }
  }

  /** Sends one event, and waits until a gateway has it. */
  async send(): Promise<void> {
    const number = this.sent++
    const begun = performance.now()
    const counts = this.#gateways.map(({ requests }) => requests.length)
    this.#agent.stdin?.write(`{"n":${number}}\n`)
    await Promise.race(this.#gateways.map((gateway, at) => gateway.received((counts[at] ?? 0) + 1)))
    assert.ok(this.arrived.includes(number), `event ${number} has arrived`)
    if (number > 0) this.longestMs = Math.max(this.longestMs, performance.now() - begun)
  }
}

async function gatewayOf(t: TestContext): Promise<HttpDestination> {
  const gateway = await new HttpDestination().listen()
  t.after(() => gateway.close())
  return gateway
}

function startAgent(t: TestContext, nodes: readonly object[]): TestProcess {
  const output = { name: 'http', match: '*', format: 'json', upstream: 'gateways', probe_interval: `${probeMs}ms` }
  const config = {
    service: { flush: '20ms' },
    upstream_servers: [{ name: 'gateways', nodes }],
    pipeline: { inputs: [{ name: 'stdin' }], outputs: [output] },
  }
  // JSON is YAML.
  return sluice(t, ['run', '-c', join(folderOf(t, { 'a.yaml': JSON.stringify(config) }), 'a.yaml')])
}

test('a gateway that is lost and comes back costs no event, and none has to wait for it', async (t) => {
  const [main, spare] = [await gatewayOf(t), await gatewayOf(t)]
  const { port } = main
  const agent = startAgent(t, [
    { name: 'main', host: '127.0.0.1', port },
    { name: 'spare', host: '127.0.0.1', port: spare.port, standby: true },
  ])
  const road = new Road(agent, [main, spare])
  for (let count = 0; count < 10; count++) await road.send()
  assert.equal(spare.requests.length, 0, 'who stands by is not used')

  await main.close()
  for (let count = 0; count < 10; count++) await road.send()
  const before = main.requests.length
  await main.listen(port)
  const opened = performance.now()
  while (main.requests.length === before) await road.send()
  const failbackMs = performance.now() - opened
  for (let count = 0; count < 10; count++) await road.send()

  agent.stdin?.end()
  assert.equal(await agent.exited, 0, agent.stderr)
  const { sent, arrived, longestMs } = road
  assert.deepEqual(rowOf(agent.stderr, 'http.0'), { accepted: sent, delivered: sent, dropped: 0, left: 0, notes: '' })
  assert.equal(new Set(arrived).size, sent)
  assert.equal(main.requests.length - before, 11, 'the first one has all events again')
  t.diagnostic(`longest way of an event ${longestMs.toFixed()} ms, failback after ${failbackMs.toFixed()} ms`)
  t.diagnostic(`${arrived.length - sent} of ${sent} events arrived twice`)
  assert.ok(failbackMs < probeMs * 1.25 + 3000, `failback took ${failbackMs} ms`)
  assert.match(agent.stderr, new RegExp(`http\\.0 server \\S*:${port}\\S* is offline .*\\n.*is back`))
})
