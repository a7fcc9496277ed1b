import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { agentProgram } from '../support/agent.js'
import { folderOf } from '../support/folder.js'
import { numberedEntries, packed } from '../support/forward-input.js'
import { ForwardServer } from '../support/forward-server.js'
import { freePort } from '../support/ports.js'
import { startProcess, type TestProcess } from '../support/process.js'
import { RawClient } from '../support/raw-client.js'

interface Relay {
  readonly port: number
  readonly start: () => Promise<TestProcess>
}

/** A gateway between a device and a server, with a disk of its own. */
async function relay(t: TestContext, serverPort: number, ack: string): Promise<Relay> {
  const folder = folderOf(t, {})
  const port = await freePort()
  const config = {
    service: {
      flush: '20ms',
      'scheduler.base': '100ms',
      'scheduler.cap': '200ms',
      storage: { path: join(folder, 'state'), mode: 'durable' },
    },
    pipeline: {
      inputs: [{ name: 'forward', port, ack, dedupe: '10m' }],
      outputs: [{ name: 'forward', match: '*', port: serverPort }],
    },
  }
  const path = join(folder, 'relay.yaml')
  writeFileSync(path, JSON.stringify(config))
  const start = async (): Promise<TestProcess> => {
    const agent = await startProcess(process.execPath, [agentProgram, '-c', path], { ready: port })
    t.after(() => agent.stop('SIGKILL'))
    return agent
  }
  return { port, start }
}

const events = 500
const messages = Array.from({ length: 20 }, (_, n) =>
  packed(`device.${n % 3}`, numberedEntries(events, n * events), { chunk: `chunk-${String(n).padStart(2, '0')}` }),
)
const everyNumber = Array.from({ length: messages.length * events }, (_, n) => n)

test('what a relay has acknowledged outlives its kill, while the server was down', async (t) => {
  const serverPort = await freePort()
  const { port, start } = await relay(t, serverPort, 'stored')
  const first = await start()
  const device = await RawClient.connect(t, port)
  for (const message of messages) device.send(message)
  await device.until(new RegExp(`(chunk-\\d\\d[^]*){${messages.length}}`))
  await first.stop('SIGKILL')
  const server = await new ForwardServer().listen({ port: serverPort })
  t.after(() => server.close())
  await start()
  await server.until(() => server.events.length >= everyNumber.length)
  const numbers = server.events.map(({ record }) => Number(record['n'])).sort((a, b) => a - b)
  assert.deepEqual(numbers, everyNumber)
})

test('a device that sends again because the server is down makes no duplicates, and hears yes once the server has all', async (t) => {
  const serverPort = await freePort()
  const { port, start } = await relay(t, serverPort, 'delivered')
  const agent = await start()
  const [first, again] = [await RawClient.connect(t, port), await RawClient.connect(t, port)]
  for (const device of [first, again]) for (const message of messages) device.send(message)
  await agent.until(() => agent.stderr.includes('delivery failed'), 'it has taken events, and could not deliver them')
  assert.equal(first.text + again.text, '')
  const server = await new ForwardServer().listen({ port: serverPort })
  t.after(() => server.close())
  for (const device of [first, again]) await device.until(new RegExp(`(chunk-\\d\\d[^]*){${messages.length}}`))
  const numbers = server.events.map(({ record }) => Number(record['n'])).sort((a, b) => a - b)
  assert.deepEqual(numbers, everyNumber)
})
