import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { diskInput } from '../../inputs/disk/disk-input.js'
import { parseDiskstats } from '../../inputs/disk/diskstats.js'
import disk from '../../inputs/disk/index.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

test('sectors are 512 bytes, old kernels have fewer columns, and other lines are left out', () => {
  const text =
    ' 179       0 mmcblk0 120 4 8000 90 33 5 600 70 0 100 160 1 2 3 4 5 6\n   8 1 sda1 1 2 3 4 5 6 7 8 9 10 11\n\nnonsense\n'
  assert.deepEqual(parseDiskstats(text), [
    { name: 'mmcblk0', readBytes: 4_096_000, writtenBytes: 307_200 },
    { name: 'sda1', readBytes: 1536, writtenBytes: 3584 },
  ])
})

/** name → sectors read, sectors written */
type Disks = { readonly [name: string]: readonly [read: number, written: number] }

function diskstats(disks: Disks): string {
  const lines = Object.entries(disks).map(
    ([name, [read, written]]) => `   8 0 ${name} 1 0 ${read} 0 1 0 ${written} 0 0 0 0\n`,
  )
  return lines.join('')
}

/** A gateway: one eMMC with two partitions, one USB disk, a volume on them, a loop device and compressed memory. */
const whole = ['mmcblk0', 'sda', 'cciss!c0d0']
const stacked = ['dm-0', 'loop0', 'zram0']
const atStart: Disks = {
  mmcblk0: [1000, 1000],
  mmcblk0p1: [400, 400],
  mmcblk0p2: [600, 600],
  sda: [50, 50],
  sda1: [50, 50],
  'dm-0': [600, 600],
  loop0: [5, 5],
  zram0: [900, 900],
}
const later: Disks = {
  mmcblk0: [1010, 1020],
  mmcblk0p1: [404, 405],
  mmcblk0p2: [606, 615],
  sda: [52, 53],
  sda1: [52, 53],
  'dm-0': [606, 615],
  loop0: [10, 5],
  zram0: [990, 950],
}

interface Setting {
  readonly tree: Tree
  readonly clock: FakeClock
  readonly context: RecordingInputContext
}

async function start(t: TestContext, disks: Disks, options: { dev_name?: string } = {}): Promise<Setting> {
  const tree = new Tree(t, { 'proc/diskstats': diskstats(disks) })
  for (const name of whole) tree.write(`sys/block/${name}/device/model`, 'x')
  for (const name of stacked) tree.write(`sys/block/${name}/size`, '1')
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const roots = { proc: tree.path('proc'), sys: tree.path('sys') }
  await running(t, diskInput(optionsOf(disk, options), context, roots))
  return { tree, clock, context }
}

const chosen: [name: string, dev_name: string | undefined, sectors: [number, number]][] = [
  ['all whole disks, each once, by default', undefined, [12, 23]],
  ['one disk by its name, without its partitions', 'mmcblk0', [10, 20]],
  ['one partition by its name', 'mmcblk0p1', [4, 5]],
  ['a volume by its name', 'dm-0', [6, 15]],
  ['all whole disks that a part of a name fits', 'sd', [2, 3]],
  ['virtual devices too where a part of a name fits them', 'loop', [5, 0]],
]

test('no byte is counted twice', async (t) => {
  assert.ok(chosen.length > 0)
  for (const [name, dev_name, [read, written]] of chosen) {
    await t.test(name, async (part) => {
      const { tree, clock, context } = await start(part, atStart, dev_name === undefined ? {} : { dev_name })
      assert.equal(context.events.length, 0)
      tree.write('proc/diskstats', diskstats(later))
      await clock.advance(1000)
      assert.deepEqual(context.records, [{ read_size: read * 512, write_size: written * 512 }])
    })
  }
})

test('a disk that is plugged in counts from its second reading on, one that is pulled out no more', async (t) => {
  const { tree, clock, context } = await start(t, { mmcblk0: [10, 10] })
  const readings: Disks[] = [
    { mmcblk0: [11, 10], sda: [5000, 5000] },
    { mmcblk0: [12, 10], sda: [5004, 5000] },
    { mmcblk0: [13, 10] },
  ]
  for (const reading of readings) {
    tree.write('proc/diskstats', diskstats(reading))
    await clock.advance(1000)
  }
  assert.deepEqual(
    context.records.map((record) => record['read_size']),
    [512, 5 * 512, 512],
  )
  assert.deepEqual(context.counted, {})
})

test('a name that sysfs writes with an exclamation mark is a disk too', async (t) => {
  const { tree, clock, context } = await start(t, { 'cciss/c0d0': [1, 1], 'cciss/c0d0p1': [1, 1] })
  tree.write('proc/diskstats', diskstats({ 'cciss/c0d0': [3, 1], 'cciss/c0d0p1': [3, 1] }))
  await clock.advance(1000)
  assert.deepEqual(context.records, [{ read_size: 1024, write_size: 0 }])
})

test('a counter that went back leaves its disk out of the reading and is counted', async (t) => {
  const { tree, clock, context } = await start(t, { mmcblk0: [1000, 1000], sda: [1000, 1000] })
  tree.write('proc/diskstats', diskstats({ mmcblk0: [1001, 1002], sda: [0, 2000] }))
  await clock.advance(1000)
  assert.deepEqual(context.records, [{ read_size: 512, write_size: 1024 }])
  assert.deepEqual(context.counted, { counter_resets: 1 })
  tree.write('proc/diskstats', diskstats({ mmcblk0: [0, 0], sda: [1, 2000] }))
  await clock.advance(1000)
  assert.deepEqual(context.records[1], { read_size: 512, write_size: 0 })
})

test('a machine without the disk says so and gives no record', async (t) => {
  const { clock, context } = await start(t, { mmcblk0: [1, 1] }, { dev_name: 'nvme0n1' })
  await clock.advance(1000)
  assert.equal(context.events.length, 0)
  assert.match(context.log.lines[0]?.message ?? '', /expected a disk "nvme0n1" .* got none/)
})

test('a missing /proc/diskstats ends the run with what the system says', async (t) => {
  const tree = new Tree(t)
  const roots = { proc: tree.path('proc'), sys: tree.path('sys') }
  const input = diskInput(optionsOf(disk), new RecordingInputContext(), roots)
  await assert.rejects(input.run(new AbortController().signal), { code: 'ENOENT' })
})
