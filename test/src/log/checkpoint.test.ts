import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../../src/log/checkpoint.js'
import { nodeFiles } from '../../../src/log/disk/node-files.js'
import { folderOf } from '../../support/folder.js'

const checkpoint: Checkpoint = {
  version: 1,
  clean: true,
  lanes: { default: { next: 9, cursors: { 'out.0': { position: 3, settled: [[5, 7]] } } } },
  ledger: { inputs: {}, filters: {}, outputs: {} },
}

function readText(t: TestContext, text: string): Promise<Checkpoint | undefined> {
  const path = join(folderOf(t, {}), 'checkpoint.json')
  writeFileSync(path, text)
  return readCheckpoint(nodeFiles, path)
}

test('a checkpoint is read as it was written, and none where there is no file', async (t) => {
  const path = join(folderOf(t, {}), 'log', 'checkpoint.json')
  assert.equal(await readCheckpoint(nodeFiles, path), undefined)
  await writeCheckpoint(nodeFiles, path, checkpoint)
  assert.deepEqual(await readCheckpoint(nodeFiles, path), checkpoint)
})

for (const text of [
  '',
  '{"version":1',
  'null',
  '[]',
  '{"version":1}',
  JSON.stringify({ ...checkpoint, lanes: { a: {} } }),
]) {
  test(`a checkpoint that says ${text.slice(0, 20)} is none`, async (t) => {
    assert.equal(await readText(t, text), undefined)
  })
}

test('a flipped bit never makes a checkpoint that an agent could not start with', async (t) => {
  const text = Buffer.from(JSON.stringify(checkpoint))
  for (let at = 0; at < text.length; at++) {
    const flipped = Buffer.from(text)
    flipped.writeUInt8(text.readUInt8(at) ^ 1, at)
    const found = await readText(t, flipped.toString()).catch((error: unknown) => error)
    if (found === undefined) continue
    if (found instanceof Error) assert.match(found.message, /expected version 1, got \d/)
    else assert.ok(Object.values((found as Checkpoint).lanes).every(({ cursors }) => typeof cursors === 'object'))
  }
})

test('one of a newer version is refused', async (t) => {
  await assert.rejects(readText(t, JSON.stringify({ version: 2 })), { code: 'LOG_NEWER_CHECKPOINT' })
})
