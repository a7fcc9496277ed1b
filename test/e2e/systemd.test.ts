import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { folderOf } from '../support/folder.js'
import { NotifyReceiver, socat } from '../support/notify-receiver.js'
import { freePort } from '../support/ports.js'
import { sluice } from '../support/sluice.js'

const { skip } = socat
const pipeline = (port: number): string =>
  `service: {grace: 1s}\npipeline: {inputs: [{name: tcp, port: ${port}}], outputs: [{name: 'null'}]}\n`

test('systemd hears that the agent is ready, reloads, is alive and stops', { skip }, async (t) => {
  const port = await freePort()
  const { agent, receiver, folder } = await started(t, pipeline(port))
  await receiver.until('READY=1')
  await receiver.until('STATUS=runs 1 inputs and 1 outputs')
  await receiver.until('WATCHDOG=1', 3)
  const before = process.hrtime.bigint() / 1000n
  agent.kill('SIGHUP')
  await receiver.until('READY=1', 2)
  const turns = receiver.lines.filter((line) => /^(READY|RELOADING|STOPPING)/.test(line))
  assert.deepEqual(turns, ['READY=1', 'RELOADING=1', 'READY=1'])
  const [, time = '0'] = /MONOTONIC_USEC=(\d+)/.exec(receiver.lines.join('\n')) ?? []
  assert.ok(BigInt(time) >= before && BigInt(time) <= process.hrtime.bigint() / 1000n, 'of the clock of the kernel')
  writeFileSync(join(folder, 'sluice.yaml'), 'pipeline: {inputs: [{name: nonesuch}]}\n')
  agent.kill('SIGHUP')
  await receiver.until('READY=1', 3)
  await receiver.until('STATUS=runs with the configuration that it had, since the new one is wrong: sluice.yaml:1')
  assert.equal(await agent.stop('SIGTERM'), 0, agent.stderr)
  await receiver.until('STOPPING=1')
  assert.doesNotMatch(agent.stderr, /systemd/)
})

test('an agent that cannot listen at its start is ready all the same, and says what cannot', { skip }, async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await once(other, 'listening')
  const { receiver } = await started(t, pipeline((other.address() as AddressInfo).port))
  await receiver.until('READY=1')
  await receiver.until('STATUS=runs 1 inputs and 1 outputs; at its start could not listen: tcp.0')
})

test('an agent that nobody can be told of runs, stops in good order, and has warned once', async (t) => {
  const folder = folderOf(t, { 'sluice.yaml': pipeline(await freePort()) })
  const env = { ...process.env, NOTIFY_SOCKET: join(folder, 'nobody'), WATCHDOG_USEC: '20000' }
  const agent = sluice(t, ['run', '-c', 'sluice.yaml'], { cwd: folder, env })
  await agent.until(() => agent.stderr.includes('listening'), 'it listens')
  await agent.until(() => agent.stderr.includes('cannot tell systemd'), 'it warns')
  assert.equal(await agent.stop('SIGTERM'), 0, agent.stderr)
  assert.equal(agent.stderr.match(/cannot tell systemd how it fares.*ENOENT/g)?.length, 1)
})

async function started(t: TestContext, configuration: string) {
  const receiver = await NotifyReceiver.open(t)
  const folder = folderOf(t, { 'sluice.yaml': configuration })
  const env = { ...process.env, NOTIFY_SOCKET: receiver.name, WATCHDOG_USEC: '400000' }
  const agent = sluice(t, ['run', '-c', 'sluice.yaml'], { cwd: folder, env })
  return { agent, receiver, folder }
}
