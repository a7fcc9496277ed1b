import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { appendLines, removeFile, replaceFile } from '../../../src/base/durable-file.js'
import { folderOf } from '../../support/folder.js'

test('a file is replaced as a whole, whatever an earlier try left', async (t) => {
  const folder = folderOf(t, { file: 'old', 'file.new': 'half of what was tried befo' })
  const path = join(folder, 'file')
  await replaceFile(path, 'new')
  assert.deepEqual([readFileSync(path, 'utf8'), readdirSync(folder)], ['new', ['file']])
})

test('a file that cannot be replaced is what it was', async (t) => {
  const folder = folderOf(t, { file: 'old', 'file.new/in-the-way': '' })
  await assert.rejects(replaceFile(join(folder, 'file'), 'new'), { code: 'EISDIR' })
  assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'old')
})

test('lines are added, each of which is whole', async (t) => {
  const path = join(folderOf(t, {}), 'file')
  await appendLines(path, 'one\n')
  await appendLines(path, 'two\nthr')
  await appendLines(path, 'four\n')
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\nthr\nfour\n')
})

test('a file that has gone can be removed', async (t) => {
  const path = join(folderOf(t, {}), 'file')
  writeFileSync(path, '')
  await removeFile(path)
  await removeFile(path)
  await assert.rejects(removeFile(join(path, 'below', 'nothing')), { code: 'ENOENT' })
})
