import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderOf } from '../support/folder.js'
import { HttpDestination } from '../support/http-destination.js'
import { freePort } from '../support/ports.js'
import { startProcess, type TestProcess } from '../support/process.js'
import { linesOf, rowOf, sluice } from '../support/sluice.js'

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

function startAgent(t: TestContext, nodes: readonly object[], output: object): TestProcess {
  const common = { match: '*', upstream: 'gateways', probe_interval: `${probeMs}ms` }
  const config = {
    service: { flush: '20ms', 'scheduler.base': '100ms', 'scheduler.cap': '200ms' },
    upstream_servers: [{ name: 'gateways', nodes }],
    pipeline: { inputs: [{ name: 'stdin' }], outputs: [{ ...common, ...output }] },
  }
  // JSON is YAML.
  return sluice(t, ['run', '-c', join(folderOf(t, { 'a.yaml': JSON.stringify(config) }), 'a.yaml')])
}

test('a gateway that is lost and comes back costs no event, and none has to wait for it', async (t) => {
  const [main, spare] = [await gatewayOf(t), await gatewayOf(t)]
  const { port } = main
  const nodes = [
    { name: 'main', host: '127.0.0.1', port },
    { name: 'spare', host: '127.0.0.1', port: spare.port, standby: true },
  ]
  const agent = startAgent(t, nodes, { name: 'http', format: 'json' })
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

const sinkProgram = fileURLToPath(new URL('../support/forward-sink.js', import.meta.url))

async function startSink(t: TestContext, port: number): Promise<TestProcess> {
  const sink = await startProcess(process.execPath, [sinkProgram, String(port)], { ready: port })
  t.after(() => sink.stop('SIGKILL'))
  return sink
}

const numbersIn = (text: string): number[] => linesOf(text).map(Number)

/** Writes events `{n: from}` to `{n: to - 1}` as fast as the agent takes them. */
async function write({ stdin }: TestProcess, from: number, to: number): Promise<void> {
  assert.ok(stdin)
  for (let n = from; n < to;) {
    let text = ''
    for (const end = Math.min(n + 1000, to); n < end; n++) text += `{"n":${n}}\n`
    if (!stdin.write(text)) await once(stdin, 'drain')
  }
}

test('forward servers that are killed in turn, at full speed, have everything between them', async (t) => {
  const [third, count] = [20_000, 60_000]
  const ports = [await freePort(), await freePort()] as const
  const nodes = ports.map((port) => ({ host: '127.0.0.1', port }))
  const agent = startAgent(t, nodes, { name: 'forward', balance: 'failover', max_batch_bytes: '64KiB' })
  const first = await startSink(t, ports[0])
  const second = await startSink(t, ports[1])
  await write(agent, 0, third)
  await first.until(() => numbersIn(first.output).length > 5000, 'it has a part')
  await first.stop('SIGKILL')
  await write(agent, third, 2 * third)
  await second.until(() => numbersIn(second.output).length > 5000, 'it has a part')
  assert.doesNotMatch(agent.stderr, /delivery failed/, 'the loss of one server is no failure of a delivery')
  await second.stop('SIGKILL')
  const again = await startSink(t, ports[0])
  await write(agent, 2 * third, count)
  agent.stdin?.end()
  assert.equal(await agent.exited, 0, agent.stderr)
  await again.stop()
  const received = [first, second, again].flatMap(({ output }) => numbersIn(output))
  assert.equal(new Set(received).size, count)
  assert.equal(rowOf(agent.stderr, 'forward.0').delivered, count)
  t.diagnostic(`${received.length - count} of ${count} events arrived twice, over two servers that were killed`)
})
