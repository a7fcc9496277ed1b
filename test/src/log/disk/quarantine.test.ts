import assert from 'node:assert/strict'
import { test } from 'node:test'

import { segmentName } from '../../../../src/log/disk/segment-format.js'
import { DiskFolder, folder } from '../../../support/disk.js'

const mebibyte = 1024 * 1024

test('the quarantine keeps what is newest, and no more than its share of the disk', async () => {
  const world = new DiskFolder()
  for (let first = 0; first < 6; first++) {
    const path = `${folder}/${segmentName(first)}`
    world.files.place(path, Buffer.alloc(5 * mebibyte, first))
    await world.quarantine.take(path)
  }
  const kept = world.files.paths.map((path) => path.slice(`${folder}/quarantine/`.length))
  assert.deepEqual(kept, [3, 4, 5].map(segmentName))
  const large = `${folder}/${segmentName(9)}`
  world.files.place(large, Buffer.alloc(40 * mebibyte))
  await world.quarantine.take(large)
  assert.deepEqual(world.files.paths, [`${folder}/quarantine/${segmentName(9)}`], 'the newest one stays in any case')
})
