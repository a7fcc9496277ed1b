import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import mem from '../../inputs/mem/index.js'
import { memInput } from '../../inputs/mem/mem-input.js'
import { machineMemory, processMemory } from '../../inputs/mem/memory.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

const meminfo = `MemTotal:        1018980 kB
MemFree:          124524 kB
MemAvailable:     612340 kB
Buffers:           27496 kB
SwapCached:         1024 kB
SwapTotal:        524284 kB
SwapFree:         520000 kB
`

test('the fields are those of the kernel, in KiB', () => {
  assert.deepEqual(machineMemory(meminfo), {
    'Mem.total': 1_018_980,
    'Mem.used': 894_456,
    'Mem.free': 124_524,
    'Mem.available': 612_340,
    'Swap.total': 524_284,
    'Swap.used': 4284,
    'Swap.free': 520_000,
  })
})

test('an old kernel that does not tell what is available has no such field', () => {
  const record = machineMemory(meminfo.replace(/MemAvailable.*\n/, ''))
  assert.equal('Mem.available' in record, false)
  assert.equal(record['Mem.free'], 124_524)
})

const sizes: [status: string, bytes: number, readable: string][] = [
  ['VmRSS:\t    5324 kB\n', 5_451_776, '5.20M'],
  ['VmRSS:\t       1 kB\n', 1024, '1.00K'],
  ['VmRSS:\t 3145728 kB\n', 3_221_225_472, '3.00G'],
  ['Name:\tkthreadd\n', 0, '0 b'],
]

test('the memory of a process is told in bytes and for people', () => {
  assert.ok(sizes.length > 0)
  for (const [status, bytes, readable] of sizes) {
    assert.deepEqual(processMemory(status), { proc_bytes: bytes, proc_hr: readable })
  }
})

test('there is a record at once and one each interval', async (t) => {
  const tree = new Tree(t, { meminfo })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const { stop } = await running(t, memInput(optionsOf(mem, { tag: 'host.mem', interval: '5s' }), context, tree.root))
  assert.equal(context.events.length, 1)
  tree.write('meminfo', meminfo.replace('124524', '100000'))
  await clock.advance(5000)
  assert.deepEqual(
    context.records.map((record) => record['Mem.free']),
    [124_524, 100_000],
  )
  assert.deepEqual(
    context.events.map((event) => event.tag),
    ['host.mem', 'host.mem'],
  )
  await stop()
  assert.equal(clock.waiting, 0)
})

test('a process that goes takes its own fields with it and leaves the rest', async (t) => {
  const child = spawn('sleep', ['60'])
  t.after(() => child.kill('SIGKILL'))
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, memInput(optionsOf(mem, { pid: child.pid }), context))
  const [first] = context.records
  assert.ok(typeof first?.['proc_bytes'] === 'number' && first['proc_bytes'] > 0, JSON.stringify(first))
  assert.match(JSON.stringify(first['proc_hr']), /^"\d+\.\d\d[KM]"$/)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await clock.advance(1000)
  assert.deepEqual(Object.keys(context.records[1] ?? {}), Object.keys(machineMemory(meminfo)))
  assert.match(context.log.lines[0]?.message ?? '', new RegExp(`process ${child.pid} cannot be read`))
})

test('a pid that no process can have is refused', () => {
  const message = 'pid: expected a whole number of at least 0, got -7'
  assert.throws(() => optionsOf(mem, { pid: -7 }), { message })
})
