import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { chunkOf, chunksIn, DiskFolder, folder } from '../../../support/disk.js'
import { failing } from '../../../support/forgetful-files.js'
import { randomOf } from '../../../support/random.js'

const large = (sequence: number) => chunkOf(sequence, { entries: Buffer.alloc(1000, sequence) })
const segmentsOf = ({ files }: DiskFolder): number => files.paths.filter((path) => path.endsWith('.seg')).length

describe('a disk log', () => {
  it('begins a new segment where one is full, and reads them in order', async () => {
    const world = new DiskFolder()
    const disk = world.open()
    for (let sequence = 0; sequence < 100; sequence++) await disk.append([chunkOf(sequence)])
    assert.ok(disk.segments.length > 1)
    for (const { size } of disk.segments) assert.ok(size <= 4096 + 500, 'its size and a summary')
    assert.deepEqual(await chunksIn(disk, 98), ['98: chunk 98', '99: chunk 99'])
    assert.equal((await chunksIn(disk)).length, 100)
    await disk.close()
    assert.equal(world.files.opened, 0)
  })

  it('has durable what append said yes to, names of files among it', async () => {
    const world = new DiskFolder()
    const disk = world.open()
    for (let sequence = 0; sequence < 60; sequence++) await disk.append([chunkOf(sequence)])
    for (let seed = 0; seed < 50; seed++) {
      const left = new DiskFolder({}, world.files.cut(randomOf(seed)))
      assert.equal((await left.recovered()).length, 60)
    }
  })

  it('never has more bytes than its limit, but for summaries, and has room again once segments go', async () => {
    const world = new DiskFolder({ limitBytes: 10_000 })
    const disk = world.open()
    let sequence = 0
    const fill = async (): Promise<void> => {
      for (; ; sequence++) {
        await disk.append([large(sequence)])
        assert.ok(disk.usedBytes <= 10_000, `${disk.usedBytes} bytes`)
      }
    }
    await assert.rejects(fill(), { code: 'LOG_DISK_LIMIT' })
    const [oldest] = disk.segments
    await disk.release((segment) => segment === oldest)
    const before = sequence
    await assert.rejects(fill(), { code: 'LOG_DISK_LIMIT' })
    assert.ok(sequence > before)
    await disk.close()
  })

  it('takes many small chunks at a time though a segment is small, no more of them than it has room for', async () => {
    const world = new DiskFolder({ limitBytes: 3 * 4096 })
    const disk = world.open()
    const chunks = Array.from({ length: 200 }, (_, sequence) => chunkOf(sequence, { entries: Buffer.from('x') }))
    const count = disk.fitting(chunks, 1024 * 1024)
    assert.ok(count > 10)
    const segment = await disk.append(chunks.slice(0, count))
    assert.ok(segment.size <= 4096, `${segment.size} bytes`)
    const more = disk.fitting(chunks.slice(count), 1024 * 1024)
    assert.ok((await disk.append(chunks.slice(count, count + more))).size <= 4096)
    await disk.close()
  })

  for (const [code, ...operations] of [
    ['EIO', 'sync'],
    ['EIO', 'write'],
    ['ENOSPC', 'write', 'truncate'],
    ['EROFS', 'create'],
    ['EIO', 'syncFolder'],
    ['EIO', 'sync', 'truncate', 'remove'],
  ] as const)
    it(`takes chunks again after ${code} of ${operations.join(', ')}, each of them once, and leaves no file behind`, async () => {
      const world = new DiskFolder()
      const disk = world.open()
      for (const before of [0, 3]) {
        for (let sequence = 0; sequence < before; sequence++) await disk.append([large(sequence)])
        world.files.fault = failing(code, ...operations)
        const group = [large(before), large(before + 1), large(before + 2)]
        for (let attempt = 0; attempt < 3; attempt++) await assert.rejects(disk.append(group), /E[A-Z]+: /)
        world.files.fault = () => undefined
        await disk.append(group)
        const left = new DiskFolder({}, world.files.killed())
        assert.deepEqual((await left.recovered()).length, before + 3)
        assert.equal(segmentsOf(left), disk.segments.length)
        await disk.release(() => true)
        assert.equal(segmentsOf(world), 0)
      }
      assert.equal(world.files.opened, 0)
    })

  it('notices that its folder was removed, and makes it anew', async () => {
    const world = new DiskFolder()
    const disk = world.open()
    await disk.append([chunkOf(0)])
    world.files.removeFolder('/log')
    await assert.rejects(disk.append([chunkOf(1)]), { code: 'LOG_SEGMENT_GONE' })
    await disk.append([chunkOf(1)])
    assert.deepEqual(await chunksIn(disk), ['1: chunk 1'])
    assert.deepEqual(await new DiskFolder({}, world.files.killed()).recovered(), ['1: chunk 1'])
    await disk.close()
    assert.equal(world.files.opened, 0)
  })

  it('removes its oldest segments, that which is written to among them, and goes on', async () => {
    const world = new DiskFolder()
    const disk = world.open()
    for (let sequence = 0; sequence < 9; sequence++) await disk.append([large(sequence)])
    const released: number[] = []
    await disk.release(
      ({ last }) => last < 5,
      ({ first }) => released.push(first),
    )
    assert.ok(released.length > 0 && disk.segments.every(({ last }) => last >= 5))
    await disk.release(() => true)
    assert.deepEqual([segmentsOf(world), disk.usedBytes, world.files.opened], [0, 0, 0])
    await disk.append([large(9)])
    assert.equal((await chunksIn(disk)).length, 1)
    assert.deepEqual(world.files.paths, [`${folder}/0000000000000009.seg`])
    await disk.close()
  })
})
