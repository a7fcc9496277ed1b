import assert from 'node:assert/strict'
import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { filesystemInput } from '../../inputs/filesystem/filesystem-input.js'
import filesystem from '../../inputs/filesystem/index.js'
import { usageOf } from '../../inputs/filesystem/usage.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'

const usages: [name: string, blocks: number, bfree: number, bavail: number, expected: object][] = [
  [
    'blocks kept back for root',
    1000,
    400,
    350,
    { total: 4_096_000, used: 2_457_600, free: 1_433_600, used_p: 60_000 / 950 },
  ],
  ['a full one', 10, 0, 0, { total: 40_960, used: 40_960, free: 0, used_p: 100 }],
  ['one without room of its own', 0, 0, 0, { total: 0, used: 0, free: 0, used_p: 0 }],
]

test('file systems are counted as df counts them', async (t) => {
  assert.ok(usages.length > 0)
  for (const [name, blocks, bfree, bavail, expected] of usages) {
    await t.test(name, () => assert.deepEqual(usageOf({ bsize: 4096, blocks, bfree, bavail }), expected))
  }
})

test('each path is a record at once and at each interval', async (t) => {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const options = optionsOf(filesystem, { paths: ['/proc', tmpdir()], interval: '1m' })
  await running(t, filesystemInput(options, context))
  await context.received(2)
  const [proc, temporary] = context.records.toSorted((a, b) => Number(a['total']) - Number(b['total']))
  assert.deepEqual(proc, { path: '/proc', total: 0, used: 0, free: 0, used_p: 0 })
  const { bsize, blocks } = statfsSync(tmpdir())
  assert.deepEqual([temporary?.['path'], temporary?.['total']], [tmpdir(), bsize * blocks])
  await clock.advance(60_000)
  await context.received(4)
})

test('a path that is missing is told and counted, and the others are read', async (t) => {
  const context = new RecordingInputContext()
  await running(t, filesystemInput(optionsOf(filesystem, { paths: ['/no/such/place', '/'] }), context))
  await context.until(() => context.events.length === 1 && context.counted['unreadable'] === 1)
  assert.equal(context.records[0]?.['path'], '/')
  assert.match(context.log.lines[0]?.message ?? '', /"\/no\/such\/place" cannot be read.*ENOENT/)
})
