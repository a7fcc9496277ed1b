import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import file from '../../outputs/file/index.js'
import type { EventRecord } from '../../src/event/event.js'
import type { Output } from '../../src/plugin/define.js'
import { PermanentError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'

const forever = new AbortController().signal
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-file-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function outputTo(path: string, options: { readonly [name: string]: unknown }): Promise<Output> {
  return file.create(optionsOf(file, { path, ...options }), new RecordingOutputContext())
}

function text(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

const frameAt = (seconds: number, id = 1): { seconds: number; record: EventRecord } => ({
  seconds: 1_700_000_000 + seconds,
  record: { bus: 'can0', id, data: '11a2' },
})
const heads = (name: string): number => text(name).split('date ').length - 1

test('candump has a line a frame, which canplayer plays again', async () => {
  const output = await outputTo(folder, { file: 'drive.log', format: 'candump' })
  for (const n of [0, 1]) await output.flush(batchOf([frameAt(n)]), forever)
  const line = (second: number): string => `(170000000${second}.000000) can0 001#11A2 R\n`
  assert.equal(text('drive.log'), line(0) + line(1))
})

test('asc has one head, however many batches come', async () => {
  const output = await outputTo(folder, { file: 'drive.asc', format: 'asc' })
  for (const n of [0, 1, 2]) await output.flush(batchOf([frameAt(n)]), forever)
  assert.equal(heads('drive.asc'), 1)
  assert.match(text('drive.asc'), /logged\n +0\.000000 1 .*\n +1\.000000 1 .*\n +2\.000000 1 .*\n$/)
})

test('asc has a head in every file, whoever moved the one before', async () => {
  const output = await outputTo(folder, { file: 'out', format: 'asc', rotate_size: 1024 })
  const frames = Array.from({ length: 20 }, (_, n) => frameAt(n))
  for (let n = 0; n < 3; n++) await output.flush(batchOf(frames), forever)
  assert.deepEqual(['out', 'out.1', 'out.2'].map(heads), [1, 1, 1])
  renameSync(join(folder, 'out'), join(folder, 'moved'))
  await output.flush(batchOf([frameAt(5)]), forever)
  assert.match(text('out'), /^date .*\n.*\n.*\n +5\.000000 1 /)
  await output.flush(batchOf([frameAt(6)]), forever)
  assert.equal(heads('out'), 1)
})

test('asc begins again behind what an earlier run left', async () => {
  for (const n of [0, 3600]) {
    const output = await outputTo(folder, { file: 'out', format: 'asc' })
    await output.flush(batchOf([frameAt(n)]), forever)
  }
  assert.equal(heads('out'), 2)
})

test('trc has one head and numbers its lines, from 1 in every file', async () => {
  const output = await outputTo(folder, { file: 'drive.trc', format: 'trc' })
  for (const n of [0, 1]) await output.flush(batchOf([frameAt(n), frameAt(n)]), forever)
  renameSync(join(folder, 'drive.trc'), join(folder, 'first.trc'))
  await output.flush(batchOf([frameAt(5)]), forever)
  const numbers = (name: string): number[] =>
    text(name)
      .split('\r\n')
      .filter((line) => line !== '' && !line.startsWith(';'))
      .map((line) => Number.parseInt(line))
  assert.match(
    text('first.trc'),
    /^;\$FILEVERSION=2\.1\r\n;\$STARTTIME=\d+\.\d{10}\r\n;\$COLUMNS=N,O,T,B,I,d,R,L,D\r\n {6}1 +0\.000 DT 1/,
  )
  assert.deepEqual([numbers('first.trc'), numbers('drive.trc')], [[1, 2, 3, 4], [1]])
})

test('what is no frame cannot be written, however often it is tried', async () => {
  for (const format of ['candump', 'asc', 'trc']) {
    const output = await outputTo(folder, { file: format, format })
    await assert.rejects(output.flush(batchOf([{ record: { n: 0 } }]), forever), PermanentError)
    assert.equal(existsSync(join(folder, format)), false)
  }
})
