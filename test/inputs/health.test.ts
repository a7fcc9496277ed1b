import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { test, type TestContext } from 'node:test'
import { healthInput } from '../../inputs/health/health-input.js'
import health from '../../inputs/health/index.js'
import { blackHole } from '../support/black-hole.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'

async function listening(t: TestContext): Promise<[server: Server, port: number]> {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  return [server, (server.address() as AddressInfo).port]
}

interface Setting {
  readonly clock: FakeClock
  readonly context: RecordingInputContext
}

async function start(t: TestContext, port: number, raw: object = {}): Promise<Setting> {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, healthInput(optionsOf(health, { host: '127.0.0.1', port, ...raw }), context))
  return { clock, context }
}

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

test('a server is alive while it takes connections', async (t) => {
  const [server, port] = await listening(t)
  const { clock, context } = await start(t, port)
  await context.received(1)
  await closed(server)
  await clock.advance(1000)
  await context.received(2)
  assert.deepEqual(context.records, [{ alive: true }, { alive: false }])
  assert.match(context.log.lines[0]?.message ?? '', /not alive: .*ECONNREFUSED/)
})

test('a connection is hung up at once, without a byte', async (t) => {
  const [server, port] = await listening(t)
  const connected = once(server, 'connection')
  await start(t, port)
  const [socket] = await connected
  if (!socket.destroyed) await once(socket, 'close')
  assert.equal(socket.bytesRead, 0)
})

test('host and port are added where they are asked for', async (t) => {
  const [, port] = await listening(t)
  const { context } = await start(t, port, { add_host: true, add_port: true })
  await context.received(1)
  assert.deepEqual(context.records, [{ alive: true, hostname: '127.0.0.1', port }])
})

test('with alert there are records only while it is not alive', async (t) => {
  const [server, port] = await listening(t)
  const connected = once(server, 'connection')
  const { clock, context } = await start(t, port, { alert: true })
  await connected
  await closed(server)
  while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve)) // the first reading is done
  await clock.advance(1000)
  await context.received(1)
  assert.deepEqual(context.records, [{ alive: false }])
})

test('a server that does not answer is not alive once the time is up', async (t) => {
  const { context } = await start(t, await blackHole(t), { connect_timeout: '50ms' })
  await context.received(1)
  assert.deepEqual(context.records, [{ alive: false }])
  assert.match(context.log.lines[0]?.message ?? '', /no answer within 50 ms/)
})

test('a run that is stopped while it connects ends at once and gives no record', async (t) => {
  const context = new RecordingInputContext()
  const options = optionsOf(health, { host: '127.0.0.1', port: await blackHole(t), connect_timeout: '1h' })
  const run = await running(t, healthInput(options, context))
  await run.stop()
  assert.equal(context.events.length, 0)
})
