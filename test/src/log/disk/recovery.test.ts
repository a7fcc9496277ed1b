import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { headBytes } from '../../../../src/log/disk/frame.js'
import { formatVersion, segmentHead, segmentHeadBytes, segmentName } from '../../../../src/log/disk/segment-format.js'
import { flipped, newerSegment } from '../../../support/damage.js'
import { chunkOf, DiskFolder, folder } from '../../../support/disk.js'
import { failing, ForgetfulFiles, readOnly } from '../../../support/forgetful-files.js'

const path = `${folder}/${segmentName(0)}`
const chunks = [0, 1, 2, 3].map((sequence) => chunkOf(sequence, { tag: `tag.${sequence % 2}` }))
const contents = chunks.map(({ sequence }) => `${sequence}: chunk ${sequence}`)
/** Bytes of a chunk's frame: its head, `tag.0`, `in`, `chunk 0`. */
const frameBytes = headBytes + 14

/** A segment of four chunks, as it is when it is still written to, and as it is once it is closed. */
async function segmentOfFour(): Promise<{ readonly open: Buffer; readonly closed: Buffer }> {
  const world = new DiskFolder()
  const disk = world.open()
  await disk.append(chunks)
  const open = Buffer.from(world.files.bytesOf(path))
  await disk.close()
  assert.equal(open.length, segmentHeadBytes + 4 * frameBytes)
  return { open, closed: Buffer.from(world.files.bytesOf(path)) }
}

const { open, closed } = await segmentOfFour()

function holding(files: { readonly [path: string]: Buffer }): DiskFolder {
  const disk = new ForgetfulFiles()
  for (const [name, bytes] of Object.entries(files)) disk.place(name, bytes)
  return new DiskFolder({}, disk)
}

/** Which of the chunks a place of the file belongs to: -1 for the head, 4 for the summary. */
function chunkAt(at: number): number {
  return Math.floor((at - segmentHeadBytes) / frameBytes)
}

const quarantined = ({ files }: DiskFolder): readonly string[] =>
  files.paths.filter((each) => each.includes('quarantine'))

describe('a segment that was cut short', () => {
  for (const [state, bytes] of [
    ['open', open],
    ['closed', closed],
  ] as const)
    it(`gives every chunk that is whole, at every length (${state})`, async () => {
      for (let size = 0; size <= bytes.length; size++) {
        const world = holding({ [path]: bytes.subarray(0, size) })
        const whole = contents.slice(0, Math.max(0, chunkAt(size)))
        assert.deepEqual(await world.recovered(), whole, `${size} bytes`)
        assert.deepEqual(await world.recovered(), whole, `${size} bytes, once more`)
        assert.deepEqual(quarantined(world), [], `${size} bytes: what is torn is just cut off`)
        assert.deepEqual(world.lines('error'), [])
        assert.equal(world.files.opened, 0)
      }
    })

  it('gives every chunk that is whole, with zeros where the disk never wrote', async () => {
    for (let size = 0; size <= open.length; size++) {
      const zeros = Buffer.alloc(100)
      const world = holding({ [path]: Buffer.concat([open.subarray(0, size), zeros]) })
      const whole = contents.slice(0, Math.max(0, chunkAt(size)))
      assert.deepEqual(await world.recovered(), whole, `${size} bytes`)
      assert.deepEqual(await world.recovered(), whole, `${size} bytes, once more`)
      assert.ok(!world.lines('error').some((line) => line.includes('left out')), `${size} bytes`)
    }
  })
})

describe('a segment with a damaged byte', () => {
  for (const [state, bytes] of [
    ['open', open],
    ['closed', closed],
  ] as const)
    it(`gives every other chunk, and keeps the bytes for whoever wants to look into them (${state})`, async () => {
      for (let at = 0; at < bytes.length; at++)
        for (const mask of [0xff, 1]) {
          const world = holding({ [path]: flipped(bytes, at, mask) })
          const damaged = chunkAt(at)
          const whole = contents.filter((_, index) => index !== damaged)
          const label = `byte ${at}, ${mask}`
          assert.deepEqual(await world.recovered(), whole, label)
          const isTail = state === 'open' && damaged === 3
          if (damaged >= 0 && damaged < 4 && !isTail) {
            const [kept = ''] = quarantined(world)
            assert.ok(
              world.files
                .bytesOf(kept)
                .equals(
                  flipped(bytes, at, mask).subarray(
                    segmentHeadBytes + damaged * frameBytes,
                    segmentHeadBytes + (damaged + 1) * frameBytes,
                  ),
                ),
              label,
            )
          }
          assert.deepEqual(await world.recovered(), whole, `${label}, once more`)
          assert.ok(quarantined(world).length <= 1, `${label}: the same damage is kept once`)
          assert.equal(world.files.opened, 0)
        }
    })

  it('goes to the quarantine as a whole where nothing can be read of it', async () => {
    const noise = Buffer.concat([
      segmentHead({ run: 'testrun12345', first: 0 }),
      Buffer.alloc(500, 0xee),
      open.subarray(90, 120),
    ])
    const world = holding({ [path]: noise })
    assert.deepEqual(await world.recovered(), [])
    assert.deepEqual(world.files.paths, [`${folder}/quarantine/${segmentName(0)}`])
    assert.match(world.lines('error').join(), /no segment that can be read; kept in/)
  })
})

describe('files that are not the log’s', () => {
  it('stay as they are, and so do those of a newer version; the log says so', async () => {
    const foreign = Buffer.from(
      '#!/bin/sh\n# Somebody has strange names for his scripts, and this one is long enough for a head.\n',
    )
    const newer = newerSegment(formatVersion + 1)
    const small = Buffer.from('hi\n')
    const other = Buffer.from('notes')
    const files = {
      [path]: open,
      [`${folder}/00000000000000aa.seg`]: foreign,
      [`${folder}/00000000000000bb.seg`]: newer,
      [`${folder}/00000000000000cc.seg`]: small,
      [`${folder}/README`]: other,
    }
    const world = holding(files)
    const { segments, next } = await world.recover()
    assert.deepEqual(
      segments.map(({ first, last }) => [first, last]),
      [[0, 3]],
    )
    assert.ok(next > 0xbb, 'no sequence is given twice')
    for (const [name, bytes] of Object.entries(files).slice(1)) assert.ok(world.files.bytesOf(name).equals(bytes), name)
    assert.match(
      world.lines('error').join('\n'),
      /00000000000000aa\.seg: left out: expected a segment of this log, got another file\n.*00000000000000bb\.seg: left out: expected a segment of this version or an older one/,
    )
  })

  it('a segment under the name of another is not read twice', async () => {
    const world = holding({ [path]: open, [`${folder}/${segmentName(9)}`]: open })
    assert.deepEqual(await world.recovered(), contents)
  })
})

describe('recovery', () => {
  it('reads from a disk that takes no writing', async () => {
    const world = holding({ [path]: open.subarray(0, -3) })
    world.files.fault = readOnly
    assert.deepEqual(await world.recovered(), contents.slice(0, 3))
    world.files.fault = failing('EIO', 'write', 'truncate', 'sync')
    assert.deepEqual(await world.recovered(), contents.slice(0, 3))
  })

  it('reads no more than the ends of files that were closed, however much there is in them', async () => {
    const world = new DiskFolder()
    const disk = world.open()
    for (let sequence = 0; sequence < 200; sequence++)
      await disk.append([chunkOf(sequence, { entries: Buffer.alloc(1000, sequence) })])
    await disk.close()
    let reads = 0
    world.files.fault = (operation) => {
      if (operation === 'read') reads++
      return undefined
    }
    const { segments } = await world.recover()
    assert.ok(segments.length > 40, `${segments.length} segments`)
    assert.equal(reads, 3 * segments.length, 'its head, where its summary begins, its summary')
    assert.equal(
      segments.reduce((sum, { groups }) => sum + ([...groups][0]?.events ?? 0), 0),
      200,
    )
  })

  it('leaves out a file that cannot be read, and finds it again once it can', async () => {
    const world = holding({ [path]: closed })
    world.files.fault = failing('EIO', 'read')
    assert.deepEqual(await world.recovered(), [])
    assert.match(world.lines('error').join(), /left out: EIO/)
    world.files.fault = () => undefined
    assert.deepEqual(await world.recovered(), contents)
    assert.equal(world.files.opened, 0)
  })

  it('counts a chunk once that stands at the end of one segment and at the beginning of the next', async () => {
    const second = new DiskFolder()
    const disk = second.open()
    await disk.append([...chunks.slice(2), chunkOf(4)])
    await disk.close()
    const next = `${folder}/${segmentName(2)}`
    const world = holding({ [path]: open, [next]: second.files.bytesOf(next) })
    assert.deepEqual(await world.recovered(), [...contents, '4: chunk 4'])
    const { segments } = await world.recover()
    const counted = segments.flatMap(({ groups }) => [...groups]).reduce((sum, group) => sum + group.chunks, 0)
    assert.equal(counted, 5)
  })
})
