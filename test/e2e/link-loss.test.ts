import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TestAgent } from '../support/agent.js'
import { peakMemoryMiB } from '../support/memory.js'
import { Mosquitto, noMosquitto, type Subscriber } from '../support/mosquitto.js'
import { freePort } from '../support/ports.js'
import { startProcess, type TestProcess } from '../support/process.js'

const sinkProgram = fileURLToPath(new URL('../support/forward-sink.js', import.meta.url))
const ended: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end()
})

async function startSink(port: number): Promise<TestProcess> {
  const sink = await startProcess(process.execPath, [sinkProgram, String(port)], { ready: port })
  ended.push(() => sink.stop('SIGKILL'))
  return sink
}

function startAgent(output: string, memoryLimit = '64MiB'): TestAgent {
  const agent = new TestAgent(`
service:
  flush: 20ms
  memory_limit: ${memoryLimit}
  scheduler.base: 100ms
  scheduler.cap: 200ms
pipeline:
  inputs:
    - name: stdin
      tag: app
  outputs:
    - match: '*'
      max_batch_bytes: 64KiB
${output.replaceAll(/^/gm, '      ')}
`)
  ended.push(() => agent.end())
  return agent
}

/** Writes events `{n: from}` to `{n: to - 1}` as fast as the agent takes them. */
async function write(agent: TestAgent, from: number, to: number, padding = ''): Promise<void> {
  const { stdin } = agent
  assert.ok(stdin)
  for (let n = from; n < to;) {
    let text = ''
    for (const end = Math.min(n + 1000, to); n < end; n++) text += `${JSON.stringify({ n, padding })}\n`
    if (!stdin.write(text)) await once(stdin, 'drain')
  }
}

const numbersIn = (text: string): number[] => text.split('\n').slice(0, -1).map(Number)

/** Nothing is missing, and each event comes for the first time in its order; what was not acknowledged may come again. */
function assertWhole(numbers: readonly number[], count: number): void {
  let next = 0
  for (const n of numbers) {
    assert.ok(n <= next, `event ${n} came when ${next} was due`)
    if (n === next) next++
  }
  assert.equal(next, count)
}

async function assertAllDelivered(agent: TestAgent, count: number): Promise<void> {
  agent.stdin?.end()
  assert.equal(await agent.exited, 0, agent.output)
  assert.match(agent.output, new RegExp(String.raw`stdin\.0\s+${count}\s+${count}\s+0\s+0\n`))
}

test('a forward server that is killed twice gets everything in order, and nothing acknowledged is lost', async () => {
  const port = await freePort()
  const agent = startAgent(`name: forward\nport: ${port}`)
  const [third, count] = [20_000, 60_000]
  const received: number[] = []
  await write(agent, 0, third)
  for (let kills = 0; kills < 2; kills++) {
    const sink = await startSink(port)
    await sink.until(() => numbersIn(sink.output).length > 5000, 'it has a part')
    await sink.stop('SIGKILL')
    received.push(...numbersIn(sink.output))
    await write(agent, (kills + 1) * third, (kills + 2) * third)
    await agent.until(() => noticed(agent), 'the agent notices')
  }
  const last = await startSink(port)
  await assertAllDelivered(agent, count)
  await last.stop()
  assertWhole([...received, ...numbersIn(last.output)], count)
})

/** Failures that repeat are counted, not written each. */
function noticed(agent: TestAgent): boolean {
  return agent.output.includes('delivery failed')
}

test('while the link is down memory stays within its limit, the source waits, and then everything arrives', async () => {
  const port = await freePort()
  const agent = startAgent(`name: forward\nport: ${port}`, '4MiB')
  const count = 100_000
  const written = write(agent, 0, count, 'x'.repeat(300))
  const first = await startSink(port)
  await first.until(() => first.output.length > 0, 'it has events')
  await first.stop('SIGKILL')
  const received = numbersIn(first.output)
  assert.ok(received.length < count / 2, 'the link was cut too late for this test')
  await agent.until(standsStill(agent), 'it takes no more')
  // By now it was offered 30 MB.
  const peak = peakMemoryMiB(agent.pid) ?? Infinity
  assert.ok(peak < 110, `the agent took ${peak} MiB`)
  const last = await startSink(port)
  await written
  await last.until(() => new Set([...received, ...numbersIn(last.output)]).size >= count, 'it has all the rest')
  await assertAllDelivered(agent, count)
  assertWhole([...received, ...numbersIn(last.output)], count)
})

/** Whether nothing was read from its input the last ten times that one looked. */
function standsStill({ stdin }: TestAgent): () => boolean {
  let left = 0
  let looks = 0
  return () => {
    const now = stdin?.writableLength ?? 0
    looks = now > 0 && now === left ? looks + 1 : 0
    left = now
    return looks > 10
  }
}

test('an MQTT broker that is stopped and comes back gets everything in order', { skip: noMosquitto }, async () => {
  const broker = await Mosquitto.start()
  ended.push(() => broker.end())
  const subscriber = await broker.subscribe('link')
  const agent = startAgent(`name: mqtt\nport: ${broker.port}\ntopic: link`)
  const count = 6000
  await write(agent, 0, count / 2)
  await subscriber.until((received) => received.length > 500, 'a part')
  await broker.stop()
  await write(agent, count / 2, count)
  await agent.until(() => noticed(agent), 'the agent notices')
  await broker.start()
  await subscriber.until(() => new Set(numbersOf(subscriber)).size >= count, 'everything')
  await assertAllDelivered(agent, count)
  assertWhole(numbersOf(subscriber), count)
})

function numbersOf({ received }: Subscriber): number[] {
  return received.map(({ payload }) => (JSON.parse(payload) as { n: number }).n)
}
