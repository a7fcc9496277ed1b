import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Cursor } from '../../../src/log/cursor.js'
import { DiskLog } from '../../../src/log/disk/disk-log.js'
import { nodeFiles } from '../../../src/log/disk/node-files.js'
import { recover } from '../../../src/log/disk/recovery.js'
import { tallyBacklog } from '../../../src/log/tally.js'
import { Counters } from '../../../src/observe/counters.js'
import { Ledger } from '../../../src/observe/ledger.js'
import { folderOf } from '../../support/folder.js'
import { segmentOf, testBoot } from '../../support/segment.js'

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }
const quarantine = { keep: () => Promise.resolve(), take: () => Promise.resolve() }
const chunks = [{ sequence: 0 }, { sequence: 1, count: 5 }]

/** What a cursor at this position has still to read of a segment with both chunks. */
async function unreadFrom(t: TestContext, position: number) {
  const folder = folderOf(t, {})
  writeFileSync(join(folder, '0000000000000000.seg'), segmentOf(chunks))
  const { segments } = await recover({ folder, files: nodeFiles, log: silent, quarantine })
  const settings = { folder, run: 'run123456789', boot: testBoot, segmentBytes: 1e6, limitBytes: 1e7 }
  const parts = { files: nodeFiles, log: silent, quarantine, counters: new Counters(), now: () => 0 }
  const disk = new DiskLog(settings, parts, segments)
  const none = { first: 2, next: 2, chunk: () => undefined, isOnDisk: () => true, load: () => assert.fail() }
  const cursor = new Cursor(
    { ...none, seal: () => {}, age: () => 0, ageAt: () => 0 },
    { id: 'out.0', matches: () => true },
    new Ledger().output('out.0'),
  )
  const states = new Map([[cursor, { position, settled: [] }]])
  const { unread } = await tallyBacklog({ disk, cursors: [cursor], states, readers: () => [cursor], knownBefore: 2 })
  return unread.get(cursor)
}

test('what waits has as many bytes by the summary of a segment as by its chunks', async (t) => {
  const [whole, second] = [await unreadFrom(t, 0), await unreadFrom(t, 1)]
  const bytesOf = (count: number): number => count * 15
  assert.deepEqual(second, { chunks: 1, events: 5, bytes: bytesOf(5) })
  assert.deepEqual(whole, { chunks: 2, events: 7, bytes: bytesOf(7) })
})
