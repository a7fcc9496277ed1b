import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { Mount } from '../../../../src/log/disk/mount.js'
import { MountedFiles } from '../../../../src/log/disk/mounted-files.js'
import { nodeFiles } from '../../../../src/log/disk/node-files.js'
import { folderOf } from '../../../support/folder.js'
import { LoopDisk } from '../../../support/loop-disk.js'

const skip = LoopDisk.missing

test('files of a file system that is not mounted are not gone, and none is made in its place', { skip }, async (t) => {
  const disk = LoopDisk.mounted(t)
  const folder = join(disk.path, 'storage')
  mkdirSync(folder)
  const files = new MountedFiles(nodeFiles, new Mount(folder))
  const path = join(folder, 'a')
  const made = await files.create(path)
  await made.close()
  disk.unmount()
  const missing = {
    code: 'LOG_NOT_MOUNTED',
    message: `"${disk.path}": expected a file system, got none; mount it again`,
  }
  await assert.rejects(files.open(path, 'read'), missing)
  await assert.rejects(files.makeFolder(folder), missing)
  await assert.rejects(files.remove(path), missing)
  assert.deepEqual(readdirSync(disk.path), [])
  disk.mount()
  const again = await files.open(path, 'read')
  await again.close()
  await files.remove(path)
  await assert.rejects(files.open(path, 'read'), { code: 'ENOENT' })
})

test('a file system cannot be taken away while something is made on it', { skip }, async (t) => {
  const disk = LoopDisk.mounted(t)
  let times = 0
  await new Mount(disk.path).during(async () => {
    assert.throws(() => disk.unmount(), /busy/)
    times++
  })
  assert.equal(times, 1)
  disk.unmount()
})

test('a file that something is mounted over is not to be found by its name', { skip }, async (t) => {
  const disk = LoopDisk.mounted(t)
  disk.unmount()
  const file = await nodeFiles.create(join(disk.path, 'a'))
  assert.ok(await file.named())
  disk.mount()
  assert.ok(!(await file.named()))
  await file.close()
})

test('a folder that is removed is made anew where the file system is that of everything', async (t) => {
  const folder = folderOf(t, {})
  const files = new MountedFiles(nodeFiles, new Mount(folder))
  await files.makeFolder(join(folder, 'log'))
  assert.deepEqual(await files.list(folder), ['log'])
})

test('a folder that could not be made at first is made as soon as it can', async (t) => {
  const folder = folderOf(t, { 'in-the-way': '' })
  const path = join(folder, 'in-the-way', 'storage')
  const files = new MountedFiles(nodeFiles, new Mount(path))
  await assert.rejects(files.makeFolder(path), { code: 'ENOTDIR' })
  rmSync(join(folder, 'in-the-way'))
  await files.makeFolder(path)
  assert.deepEqual(await files.list(path), [])
})
