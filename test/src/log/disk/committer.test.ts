import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Committer } from '../../../../src/log/disk/committer.js'
import { InputLedger } from '../../../../src/observe/ledger.js'
import { FakeClock, settle } from '../../../support/fake-clock.js'
import { chunkOf, DiskFolder } from '../../../support/disk.js'
import { failing } from '../../../support/forgetful-files.js'

/** A committer on a disk in memory, and the sequences that it called stored, group by group. */
function createWorld(limitBytes = 1024 * 1024, segmentBytes = 4096) {
  const folder = new DiskFolder({ limitBytes, segmentBytes })
  const clock = new FakeClock()
  const disk = folder.open()
  const groups: number[][] = []
  const acks: string[] = []
  const committer = new Committer(
    { syncIntervalMs: 10, enoughBytes: 10_000, mostBytes: 20_000 },
    {
      disk,
      clock,
      log: folder.log,
      stored(chunks) {
        groups.push(chunks.map(({ sequence }) => sequence))
        for (const chunk of chunks) chunk.store()
      },
      full: () => undefined,
    },
  )
  let next = 0
  function add(count: number, bytes = 10) {
    const chunks = Array.from({ length: count }, () => {
      const sequence = next++
      const ack = (error?: Error): void => void acks.push(`${sequence}${error ? ` ${error.message}` : ''}`)
      const origin = { ledger: new InputLedger(), acks: [ack] }
      const chunk = chunkOf(sequence, { entries: Buffer.alloc(bytes), origin })
      chunk.hold()
      return chunk
    })
    committer.add(chunks)
    return chunks
  }
  return { folder, files: folder.files, clock, disk, groups, acks, committer, add }
}

describe('a committer', () => {
  it('writes what comes within the sync interval together, with one sync', async () => {
    const { clock, groups, add, folder, acks } = createWorld()
    add(1)
    await clock.advance(9)
    add(2)
    assert.deepEqual(acks, [])
    await clock.advance(1)
    assert.deepEqual(groups, [[0, 1, 2]])
    assert.deepEqual(acks, ['0', '1', '2'])
    assert.equal(folder.counters.toJSON()['syncs'], 1)
  })

  it('does not wait where there is a group of bytes', async () => {
    const { groups, add, clock } = createWorld()
    add(3, 4000)
    await settle()
    assert.deepEqual(groups.flat(), [0, 1, 2])
    assert.equal(clock.waiting, 0)
  })

  it('writes what gathers while the disk is busy together, up to the most of one write', async () => {
    const { groups, add } = createWorld(undefined, 100_000)
    add(3, 4000)
    add(4, 4000)
    add(2, 4000)
    await settle()
    assert.deepEqual(groups, [
      [0, 1, 2],
      [3, 4, 5, 6],
      [7, 8],
    ])
  })

  it('writes at once what is in a hurry, unless the disk has failed', async () => {
    const { files, clock, groups, add, committer } = createWorld()
    add(2)
    committer.hurry()
    await settle()
    assert.deepEqual(groups, [[0, 1]])
    files.fault = failing('EIO', 'write')
    add(1)
    committer.hurry()
    await settle()
    assert.equal(committer.trouble, 'error')
    files.fault = () => undefined
    committer.hurry()
    await settle()
    assert.equal(groups.length, 1, 'until it is tried again')
    await clock.advance(1000)
    assert.deepEqual(groups, [[0, 1], [2]])
  })

  it('says yes to nothing while the disk fails, tries again by itself, and then to each once', async () => {
    const { files, clock, add, acks, committer, disk } = createWorld()
    for (const operation of ['write', 'sync', 'syncFolder', 'create'] as const) {
      const before = acks.length
      files.fault = failing('EIO', operation)
      add(2)
      await clock.advance(5000)
      add(1)
      assert.equal(committer.trouble, 'error')
      await clock.advance(20_000)
      assert.equal(acks.length, before)
      files.fault = () => undefined
      await clock.advance(31_000)
      assert.equal(acks.length, before + 3, operation)
      assert.equal(committer.trouble, undefined)
      await disk.close() // so that the next one begins a segment
    }
    assert.deepEqual(
      acks,
      [...acks].sort((one, other) => Number(one) - Number(other)),
    )
    assert.equal(new Set(acks).size, acks.length)
    assert.equal(clock.waiting, 0)
  })

  it('tries a disk that fails less and less often, and each half minute in the end', async () => {
    const { files, clock, add } = createWorld()
    const triedAt: number[] = []
    files.fault = (operation) => {
      if (operation !== 'create') return undefined
      if (clock.monotonic() !== triedAt.at(-1)) triedAt.push(clock.monotonic())
      return 'EIO'
    }
    add(1)
    await clock.advance(100_000)
    const waits = triedAt.slice(1).map((at, index) => (at - (triedAt[index] ?? 0)) / 1000)
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30])
  })

  it('leaves out what was delivered while the disk failed, whose senders hear of that', async () => {
    const { files, clock, add, acks, groups } = createWorld()
    files.fault = failing('EROFS', 'create')
    const [one] = add(3)
    await clock.advance(10)
    one?.settle()
    assert.deepEqual(acks, ['0'])
    files.fault = () => undefined
    await clock.advance(31_000)
    assert.deepEqual(groups, [[1, 2]])
    assert.deepEqual(acks, ['0', '1', '2'])
  })

  it('stores what was delivered while it was being written, and says yes once', async () => {
    const { clock, add, acks } = createWorld()
    const [one] = add(1)
    one?.settle()
    assert.deepEqual(acks, [], 'until it is on disk, or cannot be')
    await clock.advance(10)
    assert.deepEqual(acks, ['0'])
  })

  it('goes on at once when there is room again on a full disk', async () => {
    const { clock, add, acks, disk, committer } = createWorld(10_000)
    for (let each = 0; each < 20; each++) add(1, 1000)
    await clock.advance(10)
    assert.equal(committer.trouble, 'limit')
    const before = acks.length
    assert.ok(before > 0 && before < 20)
    await disk.release(() => true)
    committer.retry()
    await settle()
    assert.ok(acks.length > before)
  })

  it('has written all that there is once it is settled, though more comes in the last moment of a round', async () => {
    for (let turns = 0; turns < 60; turns++) {
      const { add, acks, committer, clock } = createWorld()
      add(2)
      const settled = committer.settle()
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      add(1)
      await committer.settle()
      assert.equal(acks.length, 3, `${turns} turns later`)
      await settled
      committer.stop()
      assert.equal(clock.waiting, 0)
    }
  })

  it('is settled too where the disk refuses, and leaves no timer once it is stopped', async () => {
    const { files, add, acks, committer, clock } = createWorld()
    files.fault = failing('ENOSPC', 'write')
    add(2)
    await committer.settle()
    assert.equal(committer.trouble, 'error')
    committer.stop()
    assert.equal(clock.waiting, 0)
    assert.deepEqual(acks, [])
  })

  it('gets over many small chunks that came while the disk failed, though segments are small', async () => {
    const { files, add, acks, clock } = createWorld(3 * 4096)
    files.fault = failing('EIO', 'sync')
    add(60)
    await clock.advance(100)
    files.fault = () => undefined
    await clock.advance(31_000)
    assert.equal(acks.length, 60)
  })
})
