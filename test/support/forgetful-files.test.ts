import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { LogFile } from '../../src/log/disk/files.js'
import { failing, ForgetfulFiles, readOnly } from './forgetful-files.js'
import { randomOf } from './random.js'

const cuts = 200

async function created(files: ForgetfulFiles, path: string, text = ''): Promise<LogFile> {
  await files.makeFolder('/log')
  const file = await files.create(path)
  if (text !== '') await file.write([Buffer.from(text)], 0)
  return file
}

/** What was found in a file after each of many power cuts; undefined where it was not there. */
function foundAfterCuts(files: ForgetfulFiles, path: string): Set<string | undefined> {
  const found = new Set<string | undefined>()
  for (let seed = 0; seed < cuts; seed++) {
    const left = files.cut(randomOf(seed))
    found.add(left.paths.includes(path) ? left.bytesOf(path).toString('latin1') : undefined)
  }
  return found
}

describe('a disk that forgets', () => {
  it('keeps what was synced, whatever comes after', async () => {
    const files = new ForgetfulFiles()
    const file = await created(files, '/log/a', 'durable')
    await file.sync()
    await files.syncFolder('/log')
    await file.write([Buffer.from('+more')], 7)
    const found = foundAfterCuts(files, '/log/a')
    for (const text of found) assert.match(text ?? '', /^durable/)
    assert.ok(found.has('durable') && found.has('durable+more') && found.has('durable+m'), 'torn at any byte')
    assert.ok(found.has('durable\0\0'), 'or only the size was written')
  })

  it('loses names that were not synced, or not', async () => {
    const files = new ForgetfulFiles()
    const file = await created(files, '/log/a', 'text')
    await file.sync()
    assert.deepEqual(foundAfterCuts(files, '/log/a'), new Set(['text', undefined]))
  })

  it('renames wholly or not at all', async () => {
    const files = new ForgetfulFiles()
    for (const [path, text] of [
      ['/log/old', 'old'],
      ['/log/new', 'new'],
    ] as const)
      await (await created(files, path, text)).sync()
    await files.syncFolder('/log')
    await files.rename('/log/new', '/log/old')
    const found = new Set<string>()
    for (let seed = 0; seed < cuts; seed++) {
      const left = files.cut(randomOf(seed))
      found.add(left.paths.map((path) => `${path}=${left.bytesOf(path).toString()}`).join(' '))
    }
    assert.deepEqual([...found].sort(), ['/log/new=new /log/old=old', '/log/old=new'])
  })

  it('brings back what was removed, unless its folder was synced', async () => {
    const files = new ForgetfulFiles()
    await (await created(files, '/log/a', 'text')).sync()
    await files.syncFolder('/log')
    await files.remove('/log/a')
    assert.deepEqual(foundAfterCuts(files, '/log/a'), new Set(['text', undefined]))
    await files.syncFolder('/log')
    assert.deepEqual(foundAfterCuts(files, '/log/a'), new Set([undefined]))
  })

  it('may tear out any block of a large write', async () => {
    const files = new ForgetfulFiles()
    await created(files, '/log/a', 'x'.repeat(3000))
    await files.syncFolder('/log')
    const holes = [...foundAfterCuts(files, '/log/a')].filter((text) => /^x{512}\0{512}x/.test(text ?? ''))
    assert.ok(holes.length > 0)
  })

  it('never makes durable what one sync failed to write, though a later one succeeds', async () => {
    const files = new ForgetfulFiles()
    const file = await created(files, '/log/a', 'lost')
    await files.syncFolder('/log')
    files.fault = failing('EIO', 'sync')
    await assert.rejects(file.sync(), { code: 'EIO' })
    files.fault = () => undefined
    await file.sync()
    assert.ok(foundAfterCuts(files, '/log/a').has(''))
  })

  it('takes no more bytes than it has room for, and has room again once files go', async () => {
    const files = new ForgetfulFiles()
    const file = await created(files, '/log/a')
    files.capacity = 6
    await assert.rejects(file.write([Buffer.from('12345678')], 0), { code: 'ENOSPC' })
    assert.equal(files.bytesOf('/log/a').toString(), '123456')
    await files.remove('/log/a')
    await created(files, '/log/b', '123456')
  })

  it('changes nothing while it is read-only, and reads all the same', async () => {
    const files = new ForgetfulFiles()
    const file = await created(files, '/log/a', 'text')
    files.fault = readOnly
    await assert.rejects(file.write([Buffer.from('more')], 4), { code: 'EROFS' })
    await assert.rejects(files.create('/log/b'), { code: 'EROFS' })
    await assert.rejects(files.remove('/log/a'), { code: 'EROFS' })
    const into = Buffer.alloc(9)
    assert.equal(await file.read(into, 1), 3)
    assert.equal(into.toString('latin1', 0, 3), 'ext')
  })

  it('knows no folder that was removed, while open files live on without a name', async () => {
    const files = new ForgetfulFiles()
    const file = await created(files, '/log/a', 'text')
    assert.ok(await file.named())
    files.removeFolder('/log')
    assert.ok(!(await file.named()))
    await assert.rejects(files.create('/log/b'), { code: 'ENOENT' })
    await created(files, '/log/b')
    assert.equal(files.opened, 2)
    await file.close()
    await file.close()
    assert.equal(files.opened, 1)
  })

  it('stands still from an operation on that it is told', async () => {
    const files = new ForgetfulFiles()
    const file = await created(files, '/log/a')
    files.freezeAt = files.operations + 1
    await file.write([Buffer.from('text')], 0)
    let ended = false
    void file.sync().finally(() => (ended = true))
    await new Promise(setImmediate)
    assert.ok(files.isFrozen && !ended)
    assert.equal(files.killed().bytesOf('/log/a').toString(), 'text')
  })
})
