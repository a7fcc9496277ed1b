import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'

import { ForwardServer } from '../support/forward-server.js'
import { freePort } from '../support/ports.js'
import { ReloadedAgent, sendNumbers } from '../support/reloaded.js'

const dummy = "{inputs: [{name: dummy, rate: 50}], outputs: [{name: 'null'}]}"

test('a SIGHUP while another one is obeyed has the file read once more, and no reload leaves a handle behind', async (t) => {
  const agent = await ReloadedAgent.start(t, dummy)
  const handles = (): number => readdirSync(`/proc/${agent.process.pid}/fd`).length
  await agent.hangUp()
  const before = handles()
  const begun = (): number => agent.process.stderr.match(/takes over/g)?.length ?? 0
  agent.process.kill('SIGHUP')
  await agent.process.until(() => begun() === 2, 'a second reload is under way')
  await agent.hangUp('reloads=3')
  assert.equal(handles(), before)
  assert.equal(await agent.process.stop('SIGTERM'), 0)
})

test('SIGTERM in the middle of a reload ends the agent in good order, with nothing lost', async (t) => {
  const [port, down] = [await freePort(), await freePort()]
  const server = await new ForwardServer().listen()
  t.after(() => server.close())
  const pipeline = (output: number): string =>
    `{inputs: [{name: tcp, tag: app, port: ${port}}], outputs: [{name: forward, host: 127.0.0.1, port: ${output}}]}`
  const agent = await ReloadedAgent.start(t, pipeline(down))
  await sendNumbers(port, 0, 100)
  await agent.untilPending('tcp.0', 100)
  agent.write(pipeline(server.port))
  await agent.hangUp('takes over')
  assert.equal(await agent.process.stop('SIGTERM'), 0, agent.process.stderr)
  assert.equal(server.events.length, 100)
})
