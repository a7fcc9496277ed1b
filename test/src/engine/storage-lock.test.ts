import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { type ProcessIdentity, readIdentity } from '../../../src/engine/process-identity.js'
import { StorageLock } from '../../../src/engine/storage-lock.js'
import { FakeClock } from '../../support/fake-clock.js'
import { folderOf } from '../../support/folder.js'
import { startProcess, type TestProcess } from '../../support/process.js'

const program = fileURLToPath(new URL('../../support/lock-holder.js', import.meta.url))

/** A process that waits to be told to take the lock. */
async function holder(t: TestContext, folder: string): Promise<TestProcess> {
  const started = await startProcess(process.execPath, [program, folder], { ready: /ready/ })
  t.after(() => started.stop('SIGKILL'))
  return started
}

async function told(holding: TestProcess): Promise<string> {
  holding.stdin?.write('go\n')
  await holding.until(() => holding.stdout.split('\n').length > 2, 'it says what came of it')
  return holding.stdout.split('\n')[1] ?? ''
}

function ownerOf(folder: string): ProcessIdentity {
  return readIdentity(readFileSync(join(folder, 'lock'), 'utf8')) ?? assert.fail('the lock names nobody')
}

describe('the lock of a storage path', () => {
  test('names the process, and goes when it is released', (t) => {
    const folder = join(folderOf(t, {}), 'storage')
    const lock = StorageLock.take(folder)
    assert.equal(ownerOf(folder).pid, process.pid)
    assert.deepEqual(readdirSync(folder), ['lock'])
    lock.release()
    assert.deepEqual(readdirSync(folder), [])
    lock.release()
  })

  test('that a process holds is refused to others, which learn whose it is and what to do', async (t) => {
    const folder = folderOf(t, {})
    const first = await holder(t, folder)
    assert.equal(await told(first), 'taken')
    const refused = {
      code: 'ENGINE_STORAGE_LOCKED',
      message: new RegExp(`"${folder}".*process ${first.pid}; stop it, or`),
    }
    assert.throws(() => StorageLock.take(folder), refused)
    const second = await holder(t, folder)
    assert.match(await told(second), new RegExp(`process ${first.pid};`))
    assert.deepEqual(readdirSync(folder), ['lock'])
  })

  test('is free again as soon as its process was killed', async (t) => {
    const folder = folderOf(t, {})
    const first = await holder(t, folder)
    await told(first)
    await first.stop('SIGKILL')
    assert.ok(existsSync(join(folder, 'lock')), 'a killed process leaves its lock')
    const second = await holder(t, folder)
    assert.equal(await told(second), 'taken')
    assert.equal(ownerOf(folder).pid, second.pid)
  })

  test('goes to one of many that find it stale together', async (t) => {
    for (let round = 0; round < 5; round++) {
      const folder = folderOf(t, {})
      writeFileSync(join(folder, 'lock'), JSON.stringify({ ...stale, pid: 1 }))
      const holders = await Promise.all(Array.from({ length: 6 }, () => holder(t, folder)))
      const answers = await Promise.all(holders.map((each) => told(each)))
      assert.deepEqual(
        answers.filter((answer) => answer === 'taken'),
        ['taken'],
        answers.join('\n'),
      )
      assert.deepEqual(readdirSync(folder), ['lock'])
      for (const each of holders) await each.stop('SIGKILL')
    }
  })

  test('is waited for while a process holds it for a moment, and no longer than told', async (t) => {
    const folder = folderOf(t, {})
    const first = await holder(t, folder)
    await told(first)
    assert.equal(StorageLock.holder(folder), first.pid)
    const clock = new FakeClock()
    const late = assert.rejects(StorageLock.takeWithin(folder, 1000, clock), { code: 'ENGINE_STORAGE_LOCKED' })
    await clock.advance(1000)
    await late
    const taken = StorageLock.takeWithin(folder, 1000, clock)
    await clock.advance(500)
    await first.stop('SIGKILL')
    await clock.advance(100)
    const lock = await taken
    assert.equal(ownerOf(folder).pid, process.pid)
    assert.equal(StorageLock.holder(folder), undefined, 'nobody else does')
    lock.release()
    assert.equal(StorageLock.holder(folder), undefined)
  })

  const stale: ProcessIdentity = { pid: process.ppid, started: '1', boot: bootId(), nonce: 'abc' }
  for (const [what, text] of [
    ['of a process that had the pid before', JSON.stringify(stale)],
    ['of another boot', JSON.stringify({ ...stale, boot: 'another' })],
    ['of this process', JSON.stringify({ ...stale, pid: process.pid })],
    ['that is empty, as a power cut leaves it', ''],
    ['that is half written', '{"pid":1,"star'],
    ['that names no file', JSON.stringify({ ...stale, nonce: '../../etc' })],
    ['that is something else', '[17]'],
  ] as const) {
    test(`${what} is taken over`, (t) => {
      const folder = folderOf(t, { lock: text })
      const lock = StorageLock.take(folder)
      assert.equal(ownerOf(folder).pid, process.pid)
      assert.deepEqual(readdirSync(folder), ['lock'])
      lock.release()
      assert.deepEqual(readdirSync(folder), [])
    })
  }

  test('is taken over from one that was killed while it took it over', (t) => {
    const folder = folderOf(t, {
      lock: JSON.stringify({ ...stale, nonce: 'one' }),
      'lock.one': JSON.stringify({ ...stale, nonce: 'two' }),
      'lock.one.two': JSON.stringify({ ...stale, nonce: 'three' }),
    })
    StorageLock.take(folder).release()
    assert.deepEqual(readdirSync(folder), [])
  })

  test('is not released by the one that it was taken over from', (t) => {
    const folder = folderOf(t, {})
    const before = StorageLock.take(folder)
    const now = StorageLock.take(folder)
    before.release()
    assert.equal(ownerOf(folder).pid, process.pid)
    now.release()
    assert.deepEqual(readdirSync(folder), [])
  })

  test('of a folder that cannot be is refused with a reason', (t) => {
    const folder = folderOf(t, { file: '' })
    assert.throws(() => StorageLock.take(join(folder, 'file', 'storage')), {
      code: 'ENGINE_STORAGE_UNUSABLE',
      message: /file\/storage": expected a folder that can be written to, got ENOTDIR/,
    })
    mkdirSync(join(folder, 'lock'))
    assert.throws(() => StorageLock.take(folder), { code: 'ENGINE_STORAGE_UNUSABLE' })
  })
})

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
}
