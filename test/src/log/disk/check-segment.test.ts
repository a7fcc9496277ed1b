import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { crc32 } from 'node:zlib'
import { checkLane } from '../../../../src/log/disk/check-lane.js'
import { checkSegment, type SegmentCheck } from '../../../../src/log/disk/check-segment.js'
import { nodeFiles } from '../../../../src/log/disk/node-files.js'
import { segmentHeadBytes, segmentName, summaryFrame } from '../../../../src/log/disk/segment-format.js'
import { recover } from '../../../../src/log/disk/recovery.js'
import { folderOf } from '../../../support/folder.js'
import { frameOf, segmentOf, type TestChunk, testBoot } from '../../../support/segment.js'

const done = (): Promise<void> => Promise.resolve()
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }

const chunks: readonly TestChunk[] = [{ sequence: 7 }, { sequence: 8, count: 3 }, { sequence: 11, tag: 'other' }]
const frames = chunks.map(frameOf)
const frameAt = (index: number): number =>
  segmentHeadBytes + frames.slice(0, index).reduce((sum, { length }) => sum + length, 0)
const framesEnd = frameAt(frames.length)

async function checked(t: TestContext, bytes: Buffer, { isNewest = false, first = 7 } = {}): Promise<SegmentCheck> {
  const path = join(folderOf(t, {}), segmentName(first))
  writeFileSync(path, bytes)
  const file = await nodeFiles.open(path, 'read')
  try {
    return await checkSegment({ path, file, size: bytes.length, isNewest })
  } finally {
    await file.close()
  }
}

/** What a check says of a segment that was changed in one way. */
async function problemsOf(t: TestContext, bytes: Buffer): Promise<readonly string[]> {
  const { problems } = await checked(t, bytes)
  return problems.map(({ at, bytes: size, expected, got }) => `${at} ${size}: expected ${expected}, got ${got}`)
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(copy.readUInt8(at) ^ 0x01, at)
  return copy
}

test('a good segment has no problems, closed or not', async (t) => {
  for (const closed of [true, false]) {
    const { problems, torn, ...figures } = await checked(t, segmentOf(chunks, { closed }))
    assert.deepEqual({ problems, torn }, { problems: [], torn: undefined })
    assert.deepEqual(figures, { frames: 3, events: 7, last: 11 })
  }
})

test('every single flipped byte of a segment is found', async (t) => {
  const whole = segmentOf(chunks)
  for (let at = 0; at < whole.length; at++) {
    const { problems } = await checked(t, flipped(whole, at))
    const [first] = problems
    assert.ok(first, `byte ${at}`)
    assert.ok(
      first.at <= at && at < first.at + first.bytes,
      `byte ${at} is in what is told: ${first.at}, ${first.bytes}`,
    )
    assert.ok(problems.length <= 2, `byte ${at}: ${problems.length} problems`)
  }
})

test('wherever the newest segment is cut, its end is torn and nothing is damaged', async (t) => {
  const whole = segmentOf(chunks, { closed: false })
  const edges = [segmentHeadBytes, ...frames.map((_, index) => frameAt(index + 1))]
  for (let size = 0; size < whole.length; size++) {
    const { problems, torn } = await checked(t, whole.subarray(0, size), { isNewest: true })
    const edge = edges.findLast((end) => end <= size) ?? 0
    assert.deepEqual(problems, [], `cut at ${size}`)
    assert.deepEqual(torn, edge === size && size > 0 ? undefined : { at: edge, bytes: size - edge }, `cut at ${size}`)
  }
})

test('what is torn in an older segment is damage', async (t) => {
  const whole = segmentOf(chunks, { closed: false })
  const size = frames[2]?.length ?? 0
  assert.deepEqual(await problemsOf(t, whole.subarray(0, whole.length - 5)), [
    `${frameAt(2)} ${size - 5}: expected chunk 11 of 2 events of ${size} bytes, got ${size - 5} bytes`,
  ])
  assert.deepEqual(await problemsOf(t, whole.subarray(0, 20)), ['0 20: expected a head of 34 bytes, got 20 bytes'])
})

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`

test('each kind of damage is told with what was expected and what came', async (t) => {
  const whole = segmentOf(chunks)
  const second = frames[1] ?? Buffer.alloc(0)
  const place = `${frameAt(1)} ${second.length}: expected `
  const body = flipped(second, second.length - 1)
  assert.deepEqual(await problemsOf(t, flipped(whole, frameAt(2) - 1)), [
    `${place}chunk 8 of 3 events with body CRC-32 ${hex(second.readUInt32BE(60))}, got ${hex(crc32(body.subarray(68)))}`,
  ])
  assert.deepEqual(await problemsOf(t, flipped(whole, frameAt(1))), [`${place}a frame, "SLF1", got 0x524c4631`])
  assert.deepEqual(await problemsOf(t, flipped(whole, frameAt(1) + 15)), [
    `${place}a frame head with CRC-32 ${hex(second.readUInt32BE(64))}, got ${hex(crc32(flipped(second, 15).subarray(0, 64)))}`,
  ])
  assert.deepEqual(await problemsOf(t, flipped(whole, 0)), [
    '0 8: expected a segment, "SLUICELG", got 0x524c554943454c47',
  ])
  assert.match((await problemsOf(t, flipped(whole, 25)))[0] ?? '', /^0 34: expected a head with CRC-32 0x\w{8}, got 0x/)
})

test('a segment of a newer version is not looked into', async (t) => {
  const newer = segmentOf(chunks)
  newer.writeUInt16BE(3, 8)
  newer.writeUInt32BE(crc32(newer.subarray(0, 30)), 30)
  assert.deepEqual(await problemsOf(t, newer), ['8 2: expected version 1, got 3, of a newer Sluice'])
})

test('what is whole and says something wrong is found', async (t) => {
  const disordered = Buffer.concat([segmentOf(chunks.slice(0, 2), { closed: false }), frameOf({ sequence: 8 })])
  assert.match((await problemsOf(t, disordered))[0] ?? '', /: expected a chunk behind 8, got chunk 8$/)
  assert.deepEqual(await problemsOf(t, segmentOf(chunks, { first: 6 })), [
    '22 8: expected first chunk 7, as the name of the file says, got 6',
  ])
  const entries = Buffer.from([0x92, 0xce, 0, 0, 0, 1, 0x80, 0x92])
  const corrupt = segmentOf([{ sequence: 7, count: 1, entries }])
  assert.match(
    (await problemsOf(t, corrupt))[0] ?? '',
    /^34 \d+: expected chunk 7 of 1 events, got entries: .* got the end$/,
  )
  const short = segmentOf([{ sequence: 7, count: 2, entries: entries.subarray(0, 7) }])
  assert.match((await problemsOf(t, short))[0] ?? '', /: expected chunk 7 of 2 events, got 1 events$/)
})

test('a summary that is not of the chunks before it is found, and so is what stands behind one', async (t) => {
  const open = segmentOf(chunks, { closed: false })
  const groups = [{ tag: 'a.b', input: 'in.0', output: '', chunks: 2, events: 6, bytes: 1 }]
  const summary = summaryFrame({ last: 11, time: 1_700_000_011_000, uptime: 16_000, boot: testBoot, groups })
  const [told = ''] = await problemsOf(t, Buffer.concat([open, summary]))
  assert.match(
    told,
    /^\d+ \d+: expected a summary with group \["a\.b","in\.0",""\]: 2 chunks, 5 events, \d+ bytes, got 2 c/,
  )
  assert.ok(told.startsWith(`${framesEnd} ${summary.length}`))
  const behind = await problemsOf(t, Buffer.concat([segmentOf(chunks), frameOf({ sequence: 12 })]))
  assert.match(behind[0] ?? '', /: expected nothing behind the summary, got chunk 12$/)
})

test('chunks that two segments have, since the end of the older one failed, are counted once and no damage', async (t) => {
  const folder = folderOf(t, {})
  writeFileSync(join(folder, segmentName(7)), segmentOf(chunks, { closed: false }))
  writeFileSync(
    join(folder, segmentName(11)),
    segmentOf([{ sequence: 11, tag: 'other' }, { sequence: 12 }, { sequence: 13 }], { closed: false }),
  )
  assert.deepEqual(await checkLane(nodeFiles, folder), {
    problems: [],
    torn: undefined,
    segments: 2,
    frames: 5,
    events: 11,
  })
  await recover({ folder, files: nodeFiles, log: silent, quarantine: { keep: done, take: done } })
  assert.deepEqual(await checkLane(nodeFiles, folder), {
    problems: [],
    torn: undefined,
    segments: 2,
    frames: 5,
    events: 11,
  })
})

test('a newest segment that is zeros, as a power cut leaves it, is torn', async (t) => {
  for (const size of [10, 34, 500]) {
    const { problems, torn } = await checked(t, Buffer.alloc(size), { isNewest: true })
    assert.deepEqual([problems, torn], [[], { at: 0, bytes: size }])
  }
  assert.equal((await checked(t, Buffer.alloc(500))).problems.length, 1)
})
