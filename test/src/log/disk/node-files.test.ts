import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { nodeFiles } from '../../../../src/log/disk/node-files.js'
import { LoopDisk } from '../../../support/loop-disk.js'
import { randomOf } from '../../../support/random.js'

const rounds = 12
const writers = 4
const block = Buffer.alloc(4096, 'x')
const most = 200

/** Appends and syncs until the disk fails, or until it is long enough; answers how many bytes it was told are on disk. */
async function fill(path: string): Promise<number> {
  const file = await nodeFiles.create(path)
  let synced = 0
  try {
    for (; synced < most * block.length; synced += block.length) {
      await file.write([block], synced)
      await file.sync()
    }
  } catch {
    // The disk has failed.
  } finally {
    await file.close()
  }
  return synced
}

async function bytesOf(path: string): Promise<number> {
  const file = await nodeFiles.open(path, 'read').catch(() => undefined)
  const memory = Buffer.alloc(most * block.length)
  const read = (await file?.read(memory, 0)) ?? 0
  await file?.close()
  const end = memory.subarray(0, read).indexOf(0)
  return end < 0 ? read : end
}

const skip = LoopDisk.missing

test('what a sync said yes to outlives an ext4 that ends its journal just then', { skip }, async (t) => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  t.diagnostic(`seed ${seed}`)
  const random = randomOf(seed)
  const disk = LoopDisk.mounted(t)
  let total = 0
  for (let round = 0; round < rounds; round++) {
    const paths = Array.from({ length: writers }, (_, at) => join(disk.path, `${round}-${at}`))
    const filling = Promise.all(paths.map(fill))
    await sleep(20 + 60 * random())
    disk.fail()
    const synced = await filling
    disk.remount()
    for (const [at, path] of paths.entries()) {
      const kept = await bytesOf(path)
      assert.ok(kept >= Number(synced[at]), `round ${round}: ${synced[at]} bytes were on disk, ${kept} are`)
      await nodeFiles.remove(path).catch(() => undefined)
    }
    total += synced.reduce((sum, bytes) => sum + bytes, 0)
  }
  assert.ok(total > 0, 'something was written')
})

test('a sync leaves a file as it was written, be it made here or opened', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-files-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'a')
  const made = await nodeFiles.create(path)
  await made.sync()
  await made.write([Buffer.from('head'), Buffer.from('body'), Buffer.from('end')], 0)
  await made.sync()
  await made.write([Buffer.from('HE')], 0)
  await made.sync()
  assert.equal(readFileSync(path, 'latin1'), 'HEadbodyend')
  await made.truncate(8)
  await made.sync()
  assert.equal(readFileSync(path, 'latin1'), 'HEadbody')
  await made.write([Buffer.from('tail')], 8)
  await made.sync()
  await made.close()
  const opened = await nodeFiles.open(path, 'change')
  await opened.write([Buffer.from('BODY')], 4)
  await opened.sync()
  await opened.close()
  assert.equal(readFileSync(path, 'latin1'), 'HEadBODYtail')
})
