import assert from 'node:assert/strict'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { MountedFiles } from '../../../../src/log/disk/mounted-files.js'
import { nodeFiles } from '../../../../src/log/disk/node-files.js'
import { folderOf } from '../../../support/folder.js'
import { LoopDisk } from '../../../support/loop-disk.js'

const skip = LoopDisk.missing

test('files of a file system that is not mounted are not gone, and none is made in its place', { skip }, async (t) => {
  const disk = LoopDisk.mounted(t)
  const folder = join(disk.path, 'storage')
  mkdirSync(folder)
  const files = new MountedFiles(nodeFiles, folder)
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
  const files = new MountedFiles(nodeFiles, folder)
  await files.makeFolder(join(folder, 'log'))
  assert.deepEqual(await files.list(folder), ['log'])
})
