import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { agentProgram } from '../support/agent.js'
import { freePort } from '../support/ports.js'
import type { TestProcess } from '../support/process.js'
import { linesOf, ranSluice, rowOf, sluice } from '../support/sluice.js'
import { within } from '../support/within.js'

const shown = ({ stdout }: TestProcess): number => linesOf(stdout).length

/** Longer than any test may take: who ends before it did not wait for it. */
const longGrace = '10m'

test('events that nobody takes within the grace are left, and the exit code says so', async (t) => {
  const port = await freePort()
  const args = ['-i', 'dummy', '-p', 'samples=5', '-p', 'rate=1000', '-o', `forward://127.0.0.1:${port}`]
  const { code, stderr } = await ranSluice(t, [...args, '--grace', '300ms', '-f', '10ms'])
  assert.equal(code, 75, stderr)
  const { accepted, delivered, dropped, left } = rowOf(stderr, 'forward.0')
  assert.deepEqual([accepted, delivered, dropped, left], [5, 0, 0, 5])
  assert.equal(rowOf(stderr, 'dummy.0').left, 5)
  assert.match(stderr, /warn +forward\.0 delivery failed: .*ECONNREFUSED/)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} delivers what is left and ends with 0; a second one ends the grace`, async (t) => {
    const good = sluice(t, ['-i', 'dummy', '-p', 'rate=100', '-f', '20ms', '-o', 'stdout', '--grace', longGrace])
    await good.until(() => shown(good) > 3, 'it shows events')
    good.kill(signal)
    assert.equal(await good.exited, 0, good.stderr)
    assert.equal(rowOf(good.stderr, 'stdout.0').delivered, shown(good))

    const port = await freePort()
    const dead = sluice(t, ['-i', 'dummy', '-f', '20ms', '-o', `forward://127.0.0.1:${port}`, '--grace', longGrace])
    await dead.until(() => dead.stderr.includes('delivery failed'), 'it fails to deliver')
    dead.kill(signal)
    await dead.until(() => dead.stderr.includes(`${signal}: stopping; once more ends it now`), 'it stops')
    dead.kill(signal)
    assert.equal(await dead.exited, 75, dead.stderr)
    assert.match(dead.stderr, new RegExp(`${signal}: ending now`))
    assert.ok(rowOf(dead.stderr, 'forward.0').left > 0)
  })
}

test('many inputs hear of the stop, and nobody takes that for a leak', async (t) => {
  const inputs = Array.from({ length: 12 }, () => ['-i', 'dummy']).flat()
  const agent = sluice(t, [...inputs, '-f', '20ms', '-o', 'stdout', '-m', '*'])
  await agent.until(() => shown(agent) >= 12, 'they run')
  agent.kill('SIGTERM')
  assert.equal(await agent.exited, 0, agent.stderr)
  assert.doesNotMatch(agent.stderr, /MaxListeners/)
})

test('while it stops it goes on trying: a server that comes back within the grace gets everything', async (t) => {
  const { ForwardServer } = await import('../support/forward-server.js')
  const port = await freePort()
  const args = ['-i', 'dummy', '-p', 'samples=50', '-p', 'rate=1000', '-f', '20ms', '--grace', longGrace]
  const agent = sluice(t, [...args, '-o', `forward://127.0.0.1:${port}`])
  await agent.until(() => agent.stderr.includes('delivery failed'), 'it fails to deliver')
  agent.kill('SIGTERM')
  await agent.until(() => agent.stderr.includes('SIGTERM: stopping'), 'it stops')
  const server = await new ForwardServer().listen({ port })
  t.after(() => server.close())
  assert.equal(await agent.exited, 0, agent.stderr)
  assert.equal(server.events.length, rowOf(agent.stderr, 'dummy.0').accepted)
})

test('a pipe that ends is delivered whole and in order, and the agent ends by itself', async (t) => {
  const count = 20_000
  const agent = sluice(t, ['-i', 'stdin', '-t', 'pipe', '-f', '50ms', '-o', 'stdout', '-p', 'format=json_lines'])
  agent.stdin?.end(Array.from({ length: count }, (_, n) => `{"n":${n}}\n`).join(''))
  assert.equal(await agent.exited, 0, agent.stderr)
  const numbers = linesOf(agent.stdout).map((line) => (JSON.parse(line) as { readonly n: number }).n)
  assert.deepEqual(
    numbers,
    Array.from({ length: count }, (_, n) => n),
  )
  for (const id of ['stdin.0', 'stdout.0']) {
    const { accepted, delivered, dropped, left } = rowOf(agent.stderr, id)
    assert.deepEqual([accepted, delivered, dropped, left], [count, count, 0, 0])
  }
})

test('a reader that reads nothing more does not keep it from ending', async (t) => {
  const input = ['-i', 'dummy', '-p', 'rate=1000', '-p', `dummy={"text":"${'x'.repeat(60_000)}"}`, '-f', '20ms']
  const args = [...input, '-o', 'stdout', '-p', 'flush_timeout=100ms', '--grace', '100ms']
  const agent = spawn(process.execPath, [agentProgram, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => agent.kill('SIGKILL'))
  const exited = once(agent, 'exit')
  let stderr = ''
  for await (const text of agent.stderr.setEncoding('utf8') as AsyncIterable<string>) {
    const isStuck = stderr.includes('delivery failed')
    stderr += text
    if (!isStuck && stderr.includes('delivery failed')) agent.kill('SIGTERM')
    if (stderr.includes('\nstdout.0')) break
  }
  assert.deepEqual(await within(20_000, exited, 'it ends'), [75, null], stderr)
})

test('quiet is quiet', async (t) => {
  const args = ['-q', '-i', 'dummy', '-p', 'samples=1', '-f', '10ms', '-o', 'stdout']
  const { code, stdout, stderr } = await ranSluice(t, args)
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, / dummy\.0 {2}message=dummy\n$/)
})
