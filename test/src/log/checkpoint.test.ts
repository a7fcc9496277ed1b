import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../../src/log/checkpoint.js'
import { withSum } from '../../../src/log/checkpoint-text.js'
import { nodeFiles } from '../../../src/log/disk/node-files.js'
import { folderOf } from '../../support/folder.js'

const checkpoint: Checkpoint = {
  version: 1,
  clean: true,
  lanes: { default: { next: 9, cursors: { 'out.0': { position: 3, settled: [[5, 7]] } } } },
  ledger: { inputs: {}, filters: {}, outputs: {} },
}

type Found = Awaited<ReturnType<typeof readCheckpoint>>

const pathIn = (t: TestContext): string => join(folderOf(t, {}), 'checkpoint.json')

function readText(path: string, text: string | Uint8Array): Promise<Found> {
  writeFileSync(path, text)
  return readCheckpoint(nodeFiles, path)
}

test('a checkpoint is read as it was written, and none where there is no file', async (t) => {
  const path = join(folderOf(t, {}), 'log', 'checkpoint.json')
  assert.equal(await readCheckpoint(nodeFiles, path), undefined)
  await writeCheckpoint(nodeFiles, path, checkpoint)
  const { sum, ...read } = (await readCheckpoint(nodeFiles, path)) as Checkpoint & { readonly sum: string }
  assert.deepEqual(read, checkpoint)
  assert.match(sum, /^[0-9a-f]{8}$/)
})

test('one of which a bit is flipped, or an end is missing, is damaged: nothing is skipped on its word', async (t) => {
  const path = pathIn(t)
  await writeCheckpoint(nodeFiles, path, checkpoint)
  const whole = readFileSync(path)
  for (let at = 0; at < whole.length; at++) {
    for (const bit of [1, 16]) {
      const flipped = Buffer.from(whole)
      flipped.writeUInt8(whole.readUInt8(at) ^ bit, at)
      assert.equal(await readText(path, flipped), 'damaged', `byte ${at}`)
    }
    assert.equal(await readText(path, whole.subarray(0, at)), 'damaged', `cut at ${at}`)
  }
})

for (const text of ['{"version":1}', JSON.stringify({ ...checkpoint, lanes: { a: {} } })]) {
  test(`one that says ${text.slice(0, 20)} and no more is damaged, though its sum is right`, async (t) => {
    assert.equal(await readText(pathIn(t), withSum(text)), 'damaged')
  })
}

test('one of a newer version is refused', async (t) => {
  await assert.rejects(readText(pathIn(t), withSum('{"version":2}')), {
    code: 'LOG_NEWER_CHECKPOINT',
    message: /expected version 1, got 2, of a newer Sluice; start that one, or remove the file/,
  })
})

test('one that the disk does not give is an error that names it, and what to do', async (t) => {
  const path = pathIn(t)
  mkdirSync(path)
  await assert.rejects(readCheckpoint(nodeFiles, path), {
    name: 'AgentError',
    code: 'LOG_CHECKPOINT_UNREADABLE',
    message: new RegExp(`^"${path}": expected how far .*, got EISDIR: .*; make it readable, or remove it`),
  })
})
