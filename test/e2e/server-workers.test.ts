import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { sharingOf } from '../../src/net/index.js'
import { childrenOf } from '../support/children.js'
import { folderOf } from '../support/folder.js'
import { accepts, freePort } from '../support/ports.js'
import type { TestProcess } from '../support/process.js'
import { ReloadedAgent } from '../support/reloaded.js'
import { ranSluice, rowOf } from '../support/sluice.js'

const pipeline = "{outputs: [{name: 'null', match: '*'}]}"

/** A pipeline, and a server with two workers that tells of its requests and serves the files of a folder of its agent. */
const serving = (port: number, root: string): string =>
  `${pipeline}\nhttp: [{listen: '127.0.0.1:${port}', workers: 2, stages: [{name: access_log, tag: web}, {name: static, root: ${root}}]}]`

async function text(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/a.txt`, { headers: { connection: 'close' } })
  return `${answer.status} ${await answer.text()}`
}

const listening = ({ stderr }: TestProcess): number => stderr.split('server.0 listening').length - 1

/** An agent whose two workers listen, and serve the files of a folder. */
async function started(t: TestContext, port: number, root: string): Promise<ReloadedAgent> {
  const agent = await ReloadedAgent.start(t, serving(port, root))
  await agent.process.until(() => listening(agent.process) === 2, 'both workers listen')
  return agent
}

test('a reload gives a server with workers what its new file says, and back where that cannot listen', async (t) => {
  const [port, files] = [await freePort(), folderOf(t, { 'one/a.txt': 'one', 'two/a.txt': 'two' })]
  const agent = await started(t, port, join(files, 'one'))
  assert.equal(await text(port), '200 one')
  agent.write(serving(port, join(files, 'two')))
  await agent.hangUp()
  await agent.process.until(() => listening(agent.process) === 4, 'both workers listen again')
  const answers = await Promise.all(Array.from({ length: 20 }, () => text(port)))
  assert.deepEqual(new Set(answers), new Set(['200 two']))
  const other = createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await once(other, 'listening')
  const { port: taken } = other.address() as { readonly port: number }
  agent.write(serving(taken, join(files, 'one')))
  await agent.hangUp('going back to the old configuration')
  await agent.process.until(() => listening(agent.process) === 6, 'the old workers listen once more')
  assert.equal(await text(port), '200 two')
  assert.equal(await agent.process.stop('SIGTERM'), 0, agent.process.stderr)
  assert.ok(!(await accepts(port)))
  assert.equal(rowOf(agent.process.stderr, 'server.0').accepted, 22)
})

test('a worker process that is killed is counted, and another one takes its place while the other serves', async (t) => {
  if (sharingOf(2).by === 'threads') return t.skip('threads cannot be killed from outside')
  const port = await freePort()
  const agent = await started(t, port, folderOf(t, { 'a.txt': 'one' }))
  const [first = 0] = childrenOf(agent.process)
  process.kill(first, 'SIGKILL')
  await agent.process.until(() => agent.process.stderr.includes('a worker is lost'), 'it tells of the loss')
  assert.equal(await text(port), '200 one')
  await agent.process.until(() => listening(agent.process) === 3, 'another one listens')
  const workers = childrenOf(agent.process)
  assert.equal(workers.length, 2)
  const { counters } = (await agent.ledger()).inputs['server.0'] ?? assert.fail('it has a ledger')
  assert.equal(counters['lost_workers'], 1)
  assert.equal(await agent.process.stop('SIGTERM'), 0, agent.process.stderr)
  assert.deepEqual(
    workers.filter((pid) => isAlive(pid)),
    [],
    'no worker outlives its agent',
  )
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('what workers of a server cannot share is told by the check', async (t) => {
  const folder = folderOf(t, { 'panel.mjs': 'export default {}' })
  const checked = async (server: string): Promise<string> => {
    writeFileSync(join(folder, 'sluice.yaml'), `http: [{workers: 2, ${server}}]\npipeline: ${pipeline}\n`)
    const { code, stdout, stderr } = await ranSluice(t, ['check', '-c', 'sluice.yaml'], { cwd: folder })
    assert.notEqual(code, 0, stdout)
    return stdout + stderr
  }
  const pages = 'stages: [{name: static, root: .}]'
  const address = /sluice\.yaml:1:\d+: error: server\.0: workers: expected a host and a port that is not 0 to share/
  assert.match(await checked(`listen: '127.0.0.1:0', ${pages}`), address)
  assert.match(await checked(`listen: 'unix:/run/x.sock', ${pages}`), address)
  assert.match(await checked(`listen: 'systemd:web', ${pages}`), address)
  assert.match(
    await checked('stages: [{name: service, module: panel.mjs}]'),
    /sluice\.yaml:1:\d+: error: http\[0\]\.stages\[0\]: the stage "service" cannot be shared by workers, .*`proxy`/,
  )
})
