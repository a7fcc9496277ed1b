import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { runInput } from '../../../src/engine/input-runner.js'
import { FileState } from '../../../src/engine/state-store.js'
import { Mount } from '../../../src/log/disk/mount.js'
import { FakeClock } from '../../support/fake-clock.js'
import { LoopDisk } from '../../support/loop-disk.js'
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

  it('starts afresh from a file that is none of its own, which it keeps aside, and says so', async () => {
    const [path, log] = [join(folder, 'torn.json'), new RecordingLogger()]
    for (const text of ['{"file":"1', '[]', 'null', '{"file":1}']) {
      writeFileSync(path, text)
      const state = new FileState({ path, clock: new FakeClock(), log })
      assert.equal(state.get('file'), undefined)
      assert.match(log.lines.at(-1)?.message ?? '', /torn\.json: expected the state .* kept as .*torn\.json\.corrupt/)
      assert.equal(log.lines.at(-1)?.level, 'error')
      assert.equal(readFileSync(`${path}.corrupt`, 'utf8'), text)
      state.set('file', '1')
      await state.flush()
      assert.equal(readFileSync(path, 'utf8'), '{"file":"1"}')
    }
  })

  it('fails its input for as long as the disk does not give it, and goes on from it then', async () => {
    const [path, log, clock] = [join(folder, 'unreadable.json'), new RecordingLogger(), new FakeClock()]
    mkdirSync(path)
    const state = new FileState({ path, clock, log })
    const input = { run: () => Promise.resolve().then(() => state.set('other', state.get('file') ?? 'none')) }
    const done = runInput({ input, clock, log, retry: { baseMs: 1000, capMs: 1000 } }, new AbortController().signal)
    await clock.advance(1500)
    await state.flush()
    assert.deepEqual(
      log.lines.map(({ message }) => message.replace(/, read.*;/, ';')),
      Array(log.lines.length).fill(
        `failed: "${path}": expected the state of this input, got EISDIR: illegal operation on a directory; make it readable, or remove it to start afresh`,
      ),
    )
    assert.ok(log.lines.length > 0)
    rmdirSync(path)
    writeFileSync(path, '{"file":"7"}')
    await clock.advance(2000)
    await done
    await state.flush()
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { file: '7', other: '7' })
  })

  it('keeps what could not be written for the next time', async () => {
    const log = new RecordingLogger()
    const blocked = join(folder, 'blocked')
    const state = new FileState({ path: join(blocked, 'x.json'), clock: new FakeClock(), log })
    assert.equal(state.get('file'), undefined)
    writeFileSync(blocked, 'a file where a folder is wanted')
    state.set('file', '7')
    await state.flush()
    assert.match(log.lines.at(-1)?.message ?? '', /state not written/)
    rmSync(blocked)
    await state.flush()
    assert.match(readFileSync(join(blocked, 'x.json'), 'utf8'), /"file":"7"/)
  })

  it('is not written in the place of a file system that is away', { skip: LoopDisk.missing }, async (t) => {
    const disk = LoopDisk.mounted(t)
    const [path, mount, log] = [join(disk.path, 'state', 'x.json'), new Mount(disk.path), new RecordingLogger()]
    const state = new FileState({ path, mount, clock: new FakeClock(), log })
    state.set('file', '6')
    await state.flush()
    disk.unmount()
    state.set('file', '7')
    await state.flush()
    assert.match(log.lines.at(-1)?.message ?? '', /state not written: .*: expected a file system, got none/)
    assert.deepEqual(readdirSync(disk.path), [])
    disk.mount()
    await state.flush()
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { file: '7' })
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
