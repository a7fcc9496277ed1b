import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { LogFiles } from '../../../src/log/disk/files.js'
import { nodeFiles } from '../../../src/log/disk/node-files.js'
import { segmentName } from '../../../src/log/disk/segment-format.js'
import { type Survey, surveyLane } from '../../../src/log/survey.js'
import { type Waiting, waitingIn } from '../../../src/log/waiting.js'
import { folderOf } from '../../support/folder.js'
import { segmentOf, type TestChunk } from '../../support/segment.js'

/** Ten segments of ten chunks of two events each; the last one is still written to. */
const segments = Array.from({ length: 10 }, (_, index) =>
  Array.from({ length: 10 }, (_chunk, n): TestChunk => {
    const sequence = index * 10 + n
    return { sequence, tag: sequence % 2 === 0 ? 'even' : 'odd' }
  }),
)

function laneOf(t: TestContext): string {
  const folder = folderOf(t, {})
  for (const [index, chunks] of segments.entries())
    writeFileSync(join(folder, segmentName(index * 10)), segmentOf(chunks, { closed: index < 9 }))
  return folder
}

function survey(folder: string, outputs: readonly Waiting[], files: LogFiles = nodeFiles): Promise<Survey> {
  return surveyLane(files, folder, outputs, (path, error) => assert.fail(`${path}: ${error.message}`))
}

test('a survey counts segments, events and what each output waits for', async (t) => {
  const folder = laneOf(t)
  const cursors = { all: { position: 33, settled: [[40, 60]] as const }, done: { position: 100, settled: [] } }
  const odd = { id: 'all', matches: (tag: string) => tag === 'odd', startsOldest: false }
  const outputs = [...waitingIn({ next: 100, cursors }, [odd]), ...waitingIn(undefined, [{ ...odd, id: 'fresh' }])]
  const found = await survey(folder, outputs)
  assert.equal(found.segments, 10)
  assert.equal(found.events, 200)
  assert.deepEqual([found.oldest?.time, found.newest?.time], [1_700_000_000_000, 1_700_000_099_000])
  const told = outputs.map(({ id, events, bytes, oldest }) => [id, events, bytes, oldest?.time])
  assert.deepEqual(told, [
    // 33, 35, 37, 39 and 61 to 99
    ['all', 48, 48 * 15, 1_700_000_033_000],
    ['done', 0, 0, undefined],
    ['fresh', 100, 100 * 15, 1_700_000_001_000],
  ])
})

test('it reads whole only the segments that their summaries do not tell all of', async (t) => {
  const folder = laneOf(t)
  const read: string[] = []
  const open: LogFiles['open'] = async (path, mode) => {
    const real = await nodeFiles.open(path, mode)
    return {
      size: () => real.size(),
      named: () => real.named(),
      read: (into, position) => {
        if (into.length > 1000) read.push(path.slice(-6, -4))
        return real.read(into, position)
      },
      write: () => assert.fail('it writes'),
      truncate: () => assert.fail('it truncates'),
      sync: () => assert.fail('it syncs'),
      close: () => real.close(),
    }
  }
  const outputs = waitingIn({ next: 100, cursors: { out: { position: 33, settled: [] } } }, undefined)
  await survey(folder, outputs, { ...nodeFiles, open })
  assert.deepEqual(read, [(30).toString(16), (90).toString(16)])
  assert.equal(outputs[0]?.events, 67 * 2)
})

test('segments that are removed meanwhile were delivered', async (t) => {
  const folder = laneOf(t)
  const vanishing: LogFiles = {
    ...nodeFiles,
    open: (path, mode) => {
      if (path.endsWith(segmentName(10))) for (const at of [10, 20]) rmSync(join(folder, segmentName(at)))
      return nodeFiles.open(path, mode)
    },
  }
  const found = await survey(folder, [], vanishing)
  assert.deepEqual([found.segments, found.events], [8, 160])
  assert.equal((await survey(join(folder, 'none'), [])).segments, 0)
})

test('files that are not of this log are told of and left out', async (t) => {
  const folder = laneOf(t)
  writeFileSync(join(folder, segmentName(100)), Buffer.from('something else of more than eight bytes'))
  writeFileSync(join(folder, 'notes.txt'), 'hello')
  const told: string[] = []
  const found = await surveyLane(nodeFiles, folder, [], (path, { code }) => told.push(`${path.slice(-6)} ${code}`))
  assert.deepEqual([found.segments, told], [10, ['64.seg LOG_FOREIGN_FILE']])
})

test('chunks that stand in two segments are counted once', async (t) => {
  const folder = folderOf(t, {})
  writeFileSync(join(folder, segmentName(0)), segmentOf([{ sequence: 0 }, { sequence: 1 }], { closed: false }))
  writeFileSync(join(folder, segmentName(1)), segmentOf([{ sequence: 1 }, { sequence: 2 }]))
  const outputs = waitingIn({ next: 3, cursors: { out: { position: 0, settled: [] } } }, undefined)
  assert.equal((await survey(folder, outputs)).events, 6)
  assert.equal(outputs[0]?.events, 6)
})
