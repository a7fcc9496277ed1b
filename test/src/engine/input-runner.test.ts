import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { runInput } from '../../../src/engine/input-runner.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { RecordingLogger } from '../../support/plugin-context.js'

const retry = { baseMs: 1000, capMs: 30_000 }

describe('an input that runs', () => {
  it('is run again after a back-off when it throws, and the log says why', async () => {
    const [clock, log] = [new FakeClock(), new RecordingLogger()]
    let runs = 0
    const input = { run: () => (++runs < 3 ? Promise.reject(new Error('no such device')) : Promise.resolve()) }
    const done = runInput({ input, clock, log, retry }, new AbortController().signal)
    await clock.advance(10_000)
    await done
    assert.equal(runs, 3)
    assert.deepEqual(
      log.lines.map(({ message }) => message),
      ['failed: no such device', 'failed: no such device'],
    )
  })

  it('is done for good when it returns', async () => {
    let runs = 0
    const input = { run: () => Promise.resolve(void runs++) }
    const parts = { input, clock: new FakeClock(), log: new RecordingLogger(), retry }
    await runInput(parts, new AbortController().signal)
    assert.equal(runs, 1)
  })

  it('does not run again when it is told to stop during its back-off', async () => {
    const [clock, stop] = [new FakeClock(), new AbortController()]
    let runs = 0
    const input = { run: () => Promise.reject(new Error(`run ${++runs}`)) }
    const done = runInput({ input, clock, log: new RecordingLogger(), retry }, stop.signal)
    await settle()
    stop.abort()
    await done
    assert.equal(runs, 1)
    assert.equal(clock.waiting, 0)
  })

  it('says nothing of an error that stopping it caused', async () => {
    const [stop, log] = [new AbortController(), new RecordingLogger()]
    const input = {
      run: (signal: AbortSignal) =>
        new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    }
    const done = runInput({ input, clock: new FakeClock(), log, retry }, stop.signal)
    stop.abort()
    await done
    assert.deepEqual(log.lines, [])
  })
})
