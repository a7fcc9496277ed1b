import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { FileState } from '../../../src/engine/state-store.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingLogger } from '../../support/plugin-context.js'

const folder = mkdtempSync(join(tmpdir(), 'sluice-state-'))
after(() => rmSync(folder, { recursive: true }))

describe('the state of an input', () => {
  it('outlives the agent once it is flushed', async () => {
    const parts = { path: join(folder, 'deep', 'tail.0.json'), clock: new FakeClock(), log: new RecordingLogger() }
    const first = new FileState(parts)
    first.set('/var/log/a', '10')
    first.set('/var/log/b', '20')
    first.delete('/var/log/a')
    await first.flush()
    const second = new FileState(parts)
    assert.equal(second.get('/var/log/a'), undefined)
    assert.equal(second.get('/var/log/b'), '20')
    assert.deepEqual(readdirSync(join(folder, 'deep')), ['tail.0.json'], 'no half-written file is left')
  })

  it('gathers changes and writes them within a second', async () => {
    const clock = new FakeClock()
    const path = join(folder, 'gathered.json')
    const state = new FileState({ path, clock, log: new RecordingLogger() })
    for (let offset = 0; offset < 100; offset++) state.set('file', String(offset))
    assert.equal(clock.waiting, 1)
    await clock.advance(1000)
    await state.flush()
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { file: '99' })
  })

  it('starts afresh from a file that cannot be read, and says so', () => {
    const [path, log] = [join(folder, 'torn.json'), new RecordingLogger()]
    writeFileSync(path, '{"file":"1')
    const state = new FileState({ path, clock: new FakeClock(), log })
    assert.equal(state.get('file'), undefined)
    assert.match(log.lines[0]?.message ?? '', /torn\.json: expected the state/)
  })

  it('keeps what could not be written for the next time', async () => {
    const log = new RecordingLogger()
    const blocked = join(folder, 'blocked')
    writeFileSync(blocked, 'a file where a folder is wanted')
    const state = new FileState({ path: join(blocked, 'x.json'), clock: new FakeClock(), log })
    state.set('file', '7')
    await state.flush()
    assert.match(log.lines.at(-1)?.message ?? '', /state not written/)
    rmSync(blocked)
    await state.flush()
    assert.match(readFileSync(join(blocked, 'x.json'), 'utf8'), /"file":"7"/)
  })

  it('is kept in memory where there is no path', async () => {
    const clock = new FakeClock()
    const state = new FileState({ path: undefined, clock, log: new RecordingLogger() })
    state.set('a', '1')
    await state.flush()
    assert.equal(state.get('a'), '1')
    assert.equal(clock.waiting, 0)
  })
})
