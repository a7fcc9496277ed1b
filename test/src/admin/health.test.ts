import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { type Check, liveness, readiness } from '../../../src/admin/health.js'
import { asked, startAdmin } from '../../support/admin.js'
import { endNow, world } from '../../support/agent-world.js'
import { ForgetfulFiles } from '../../support/forgetful-files.js'
import { folderOf } from '../../support/folder.js'
import { agentStatus, quietInput, quietLane, quietOutput } from '../../support/status.js'

const bounds = { maxPendingMs: 300_000, maxPauseMs: 60_000, maxLoopLagMs: 5000 }
const later = { uptimeMs: 86_400_000 }

/** The checks that are bad, `check of: value`. */
function bad(status: Parameters<typeof readiness>[0]): string[] {
  const { good, checks } = readiness(status, bounds)
  const wrong = checks.filter((check: Check) => !check.good)
  assert.equal(good, wrong.length === 0)
  return wrong.map(({ check, of, value }) => `${check} ${of}: ${value}`)
}

describe('an agent is ready', () => {
  it('with nothing to do', () => {
    assert.deepEqual(bad(agentStatus(later)), [])
  })

  it('while an output delivers, however old its backlog is', () => {
    const outputs = { out: { ...quietOutput, oldestPendingMs: 7_200_000, sinceSuccessMs: 1000 } }
    assert.deepEqual(bad(agentStatus({ ...later, outputs })), [])
  })

  it('until events have waited too long for an output that delivers nothing', () => {
    const outputs = (ms: number) => ({ out: { ...quietOutput, oldestPendingMs: ms, sinceSuccessMs: 7_200_000 } })
    assert.deepEqual(bad(agentStatus({ ...later, outputs: outputs(300_000) })), [])
    assert.deepEqual(bad(agentStatus({ ...later, outputs: outputs(300_001) })), ['progress out: 300001'])
  })

  it('at first, though an earlier run left old events', () => {
    const outputs = { out: { ...quietOutput, oldestPendingMs: 7_200_000 } }
    assert.deepEqual(bad(agentStatus({ uptimeMs: 300_000, outputs })), [])
    assert.deepEqual(bad(agentStatus({ uptimeMs: 300_001, outputs })), ['progress out: 300001'])
  })

  it('until an input has waited too long for room', () => {
    const inputs = { a: { ...quietInput, pauseMs: 60_001, pausedMs: 60_001 }, b: { ...quietInput, pausedMs: 1e9 } }
    assert.deepEqual(bad(agentStatus({ inputs })), ['room a: 60001'])
  })

  it('while every disk takes what it must', () => {
    const lane = { ...quietLane, mode: 'spill' as const }
    const lanes = { a: { ...lane, trouble: 'error' as const }, b: lane, c: { ...lane, trouble: 'limit' as const } }
    assert.deepEqual(bad(agentStatus({ lanes })), ['disk a: error', 'disk c: limit'])
  })
})

it('an agent is alive while its event loop is not too late', () => {
  assert.equal(liveness({ maxMs: 5000, meanMs: 1 }, bounds).good, true)
  assert.deepEqual(liveness({ maxMs: 5001, meanMs: 1 }, bounds).checks, [
    { check: 'loop', value: 5001, bound: 5000, good: false },
  ])
})

it('an event loop that stands still shows in /health/live', async (t) => {
  const at = await startAdmin(t, { service: { 'health.max_loop_lag': '1s' } })
  // Node has nothing to compare its first look with, 50 ms after the start.
  for (const begun = performance.now(); performance.now() < begun + 200;)
    assert.equal((await asked(`http://${at}/health/live`))[0], 200)
  for (const begun = performance.now(); performance.now() < begun + 1300;);
  const [status, body] = await asked(`http://${at}/health/live`)
  const { checks } = JSON.parse(body) as { checks: { check: string; value: number }[] }
  assert.deepEqual([status, checks[0]?.check], [503, 'loop'])
  assert.ok((checks[0]?.value ?? 0) >= 1100, `${checks[0]?.value} ms of 1300`)
})

/** An agent that writes every event to a disk in memory, and its admin server. */
async function durableAgent(t: TestContext) {
  const files = new ForgetfulFiles()
  const storage = { path: folderOf(t, {}), mode: 'durable' }
  const { agent, clock, context, output } = await world({ service: { storage, flush: '100ms' }, files })
  t.after(() => endNow(agent))
  await agent.start()
  const at = await startAdmin(t, { status: () => agent.status, clock })
  const ready = async (): Promise<readonly [number, unknown]> => {
    const [status, body] = await asked(`http://${at}/health/ready`)
    const { checks } = JSON.parse(body) as { checks: Check[] }
    return [status, checks.filter(({ good }) => !good)]
  }
  return { files, clock, context, output, ready }
}

describe('/health/ready', () => {
  it('is 503 while the disk is full, says so, and is 200 again when there is room', async (t) => {
    const { files, clock, context, output, ready } = await durableAgent(t)
    output.answer = () => {
      throw new Error('down')
    }
    context.emit('in', { n: 0 })
    await clock.advance(1000)
    assert.deepEqual(await ready(), [200, []])
    files.fault = (operation) => (operation === 'write' ? 'ENOSPC' : undefined)
    context.emit('in', { n: 1 })
    await clock.advance(1000)
    assert.deepEqual(await ready(), [
      503,
      [{ check: 'disk', of: 'default', value: 'error', bound: 'good', good: false }],
    ])
    files.fault = () => undefined
    await clock.advance(60_000)
    assert.deepEqual(await ready(), [200, []])
  })

  it('is 503 once an output that is down has had events for five minutes, and 200 when it delivers', async (t) => {
    const { clock, context, output, ready } = await durableAgent(t)
    output.answer = () => {
      throw new Error('down')
    }
    context.emit('in', { n: 0 })
    await clock.advance(290_000)
    assert.equal((await ready())[0], 200)
    await clock.advance(20_000)
    const [status, wrong] = await ready()
    const [{ check, of, bound }] = wrong as [Check]
    assert.deepEqual([status, check, of, bound], [503, 'progress', 'out', 300_000])
    output.answer = () => undefined
    await clock.advance(60_000)
    assert.deepEqual(await ready(), [200, []])
  })
})
