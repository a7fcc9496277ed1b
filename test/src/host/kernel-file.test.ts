import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { KernelFile } from '../../../src/host/index.js'

function fileOf(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'kernel-file-')), 'file')
  writeFileSync(path, text)
  return path
}

function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((file) => targetOf(file) === path)
}

function targetOf(file: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${file}`)
  } catch {
    return undefined // the file of the listing itself is gone by now
  }
}

test('each reading sees the text of that moment, through one open file', () => {
  const path = fileOf('one')
  const file = new KernelFile(path)
  assert.equal(file.read(), 'one')
  writeFileSync(path, 'and two')
  assert.equal(file.read(), 'and two')
  writeFileSync(path, '3')
  assert.equal(file.read(), '3')
  file.close()
})

test('a text longer than the buffer comes whole', () => {
  const text = 'line\n'.repeat(5_000)
  const file = new KernelFile(fileOf(text))
  assert.equal(file.read(), text)
  assert.equal(file.read(), text)
  file.close()
})

test('the real files of the kernel are read whole', () => {
  const file = new KernelFile('/proc/filesystems')
  assert.equal(file.read(), readFileSync('/proc/filesystems', 'utf8'))
  assert.equal(file.read(), readFileSync('/proc/filesystems', 'utf8'))
  file.close()
})

test('closing frees the file, twice is harmless, and reading opens it again', () => {
  const path = fileOf('text')
  const file = new KernelFile(path)
  assert.equal(isOpen(path), false)
  file.read()
  assert.equal(isOpen(path), true)
  file.close()
  file.close()
  assert.equal(isOpen(path), false)
  assert.equal(file.read(), 'text')
  file.close()
})

test('a missing file throws what the system says, and is found once it is there', () => {
  const path = fileOf('back')
  rmSync(path)
  const file = new KernelFile(path)
  assert.throws(() => file.read(), { code: 'ENOENT' })
  writeFileSync(path, 'back')
  assert.equal(file.read(), 'back')
  file.close()
})
