import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'

import { Ending } from '../../../inputs/exec/ending.js'
import { FakeClock } from '../../support/fake-clock.js'

/** A process that no signal of an ending reaches, as one that is stuck in the kernel: it leads no group. */
async function stuck(t: TestContext): Promise<ChildProcess> {
  const child = spawn('sleep', ['1000'], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  await once(child, 'spawn')
  return child
}

describe('the ending of a command', () => {
  it('does not wait for what cannot be killed once the agent stops', async (t) => {
    const clock = new FakeClock()
    const stop = new AbortController()
    const child = await stuck(t)
    const ending = new Ending(child, clock, stop.signal)
    stop.abort()
    await clock.advance(2000)
    await ending.abandoned
    assert.equal(child.stdout?.destroyed, true)
    ending.done()
    assert.equal(clock.waiting, 0)
  })

  it('waits for it while the agent runs, so that no two are stuck', async (t) => {
    const clock = new FakeClock()
    const stop = new AbortController()
    const ending = new Ending(await stuck(t), clock, stop.signal)
    let abandoned = false
    void ending.abandoned.then(() => (abandoned = true))
    ending.begin()
    ending.begin()
    await clock.advance(3_600_000)
    assert.equal(abandoned, false)
    stop.abort()
    await ending.abandoned
  })
})
