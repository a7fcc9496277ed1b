import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { cpuInput } from '../../inputs/cpu/cpu-input.js'
import { type CpuShare, shareOf } from '../../inputs/cpu/cpu-share.js'
import cpu from '../../inputs/cpu/index.js'
import { parsePidStat } from '../../inputs/cpu/pid-stat.js'
import { type CpuTimes, parseStat } from '../../inputs/cpu/stat.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

/** Two CPUs; columns user, nice, system, idle, iowait, irq, softirq, steal. */
function stat(cpu0: string, cpu1?: string): string {
  const lines = cpu1 === undefined ? [cpu0] : [cpu0, cpu1]
  const columns = lines.map((line) => line.split(' ').map(Number))
  const sums = columns[0]?.map((_, index) => columns.reduce((sum, column) => sum + (column[index] ?? 0), 0)) ?? []
  const cpus = lines.map((line, index) => `cpu${index} ${line} 0 0\n`)
  return `cpu  ${sums.join(' ')} 0 0\n${cpus.join('')}intr 11 0 5\nctxt 1\nbtime 1\n`
}

test('each cpu line of /proc/stat is read, and nothing behind them', () => {
  assert.deepEqual(parseStat('cpu  9836 4 4952 388082 1452 1 56 195 7 0\ncpu0 1 2 3 4 5 6 7 8 0 0\nintr 1 2 3\n'), [
    { name: 'cpu', user: 9840, system: 5009, idle: 388_082, other: 1647 },
    { name: 'cpu0', user: 3, system: 16, idle: 4, other: 13 },
  ])
  assert.deepEqual(parseStat('cpu  1 2 3 4'), [{ name: 'cpu', user: 3, system: 3, idle: 4, other: 0 }])
  assert.deepEqual(parseStat('intr 5\n'), [])
})

const from = { name: 'cpu', user: 1000, system: 1000, idle: 10_000, other: 100 }
const shares: [name: string, now: Partial<CpuTimes>, expected: CpuShare | 'reset' | 'no_ticks'][] = [
  ['a quarter of user and a tenth of system', { user: 1025, system: 1010, idle: 10_065 }, { user: 25, system: 10 }],
  ['nothing but work', { user: 1100 }, { user: 100, system: 0 }],
  ['time that a host took away is not this machine at work', { user: 1050, other: 150 }, { user: 50, system: 0 }],
  ['iowait that went back counts as none', { user: 1050, idle: 10_050, other: 40 }, { user: 50, system: 0 }],
  ['idle time corrected a little counts as none', { user: 1010, idle: 9_990 }, { user: 100, system: 0 }],
  ['idle time that went back far is another count', { user: 1010, idle: 50 }, 'reset'],
  ['user time that went back is another count', { user: 0, idle: 10_100 }, 'reset'],
  ['system time that went back is another count', { system: 999, idle: 10_100 }, 'reset'],
  ['no time counted at all', {}, 'no_ticks'],
]

test('the share of a CPU is what it worked of the time that was counted', async (t) => {
  assert.ok(shares.length > 0)
  for (const [name, now, expected] of shares) {
    await t.test(name, () => assert.deepEqual(shareOf(from, { ...from, ...now }), expected))
  }
})

test('the name of a process may hold spaces and brackets', () => {
  const fields = 'S 1 2 3 4 5 6 7 8 9 10 250 50 13 14 15 16 17 18 19'
  assert.deepEqual(parsePidStat(`77 (a) b (c) ${fields}\n`), { user: 250, system: 50 })
})

test('the first record comes from a short first window, the others each interval', async (t) => {
  const tree = new Tree(t, { stat: stat('0 0 0 0 0 0 0 0', '0 0 0 0 0 0 0 0') })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, cpuInput(optionsOf(cpu, { tag: 'host.cpu' }), context, tree.root))
  tree.write('stat', stat('10 5 0 5 0 0 0 0', '0 0 2 15 3 1 2 0'))
  await clock.advance(199)
  assert.equal(context.events.length, 0)
  await clock.advance(1)
  assert.deepEqual(context.records, [
    {
      cpu_p: (20 * 100) / 43,
      user_p: (15 * 100) / 43,
      system_p: (5 * 100) / 43,
      'cpu0.p_cpu': 75,
      'cpu0.p_user': 75,
      'cpu0.p_system': 0,
      'cpu1.p_cpu': (5 * 100) / 23,
      'cpu1.p_user': 0,
      'cpu1.p_system': (5 * 100) / 23,
    },
  ])
  assert.deepEqual(Object.keys(context.records[0] ?? {}).slice(0, 4), ['cpu_p', 'user_p', 'system_p', 'cpu0.p_cpu'])
  assert.equal(context.events[0]?.tag, 'host.cpu')
  for (const busy of [60, 110]) {
    tree.write('stat', stat(`${busy} 5 0 ${busy} 0 0 0 0`, '0 0 2 90 3 1 2 0'))
    await clock.advance(1000)
  }
  assert.equal(context.events.length, 3)
})

test('an interval below the first window is the first window', async (t) => {
  const tree = new Tree(t, { stat: stat('0 0 0 0 0 0 0 0') })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, cpuInput(optionsOf(cpu, { interval: '50ms' }), context, tree.root))
  tree.write('stat', stat('1 0 0 4 0 0 0 0'))
  await clock.advance(50)
  assert.equal(context.records[0]?.['cpu_p'], 20)
})

test('a window without a tick gives no record, and the next one covers it too', async (t) => {
  const tree = new Tree(t, { stat: stat('0 0 0 0 0 0 0 0') })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, cpuInput(optionsOf(cpu, { interval: '10ms' }), context, tree.root))
  await clock.advance(20)
  assert.equal(context.events.length, 0)
  tree.write('stat', stat('1 0 0 3 0 0 0 0'))
  await clock.advance(10)
  assert.deepEqual(
    context.records.map((record) => record['cpu_p']),
    [25],
  )
})

test('a CPU that comes later shows from its second reading on, one that goes is missing', async (t) => {
  const tree = new Tree(t, { stat: stat('0 0 0 0 0 0 0 0') })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, cpuInput(optionsOf(cpu), context, tree.root))
  const readings = [
    stat('10 0 0 10 0 0 0 0', '0 0 0 1 0 0 0 0'),
    stat('20 0 0 20 0 0 0 0', '5 0 0 6 0 0 0 0'),
    stat('40 0 0 40 0 0 0 0'),
  ]
  for (const reading of readings) {
    tree.write('stat', reading)
    await clock.advance(context.events.length === 0 ? 200 : 1000)
  }
  const shown = context.records.map((record) => ['cpu0.p_cpu' in record, 'cpu1.p_cpu' in record])
  assert.deepEqual(shown, [
    [true, false],
    [true, true],
    [true, false],
  ])
  assert.equal(context.records[1]?.['cpu1.p_cpu'], 50)
})

test('counters that went back leave the reading out and are counted', async (t) => {
  const tree = new Tree(t, { stat: stat('5000 0 5000 5000 0 0 0 0') })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, cpuInput(optionsOf(cpu), context, tree.root))
  tree.write('stat', stat('10 0 10 10 0 0 0 0'))
  await clock.advance(200)
  assert.deepEqual([context.events.length, context.counted], [0, { counter_resets: 2 }])
  tree.write('stat', stat('20 0 10 40 0 0 0 0'))
  await clock.advance(1000)
  assert.deepEqual(
    context.records.map((record) => record['cpu_p']),
    [25],
  )
})

function pidStat(user: number, system: number): string {
  return `42 (two words) R 1 42 42 0 -1 4194560 1 2 3 4 ${user} ${system} 9 9 20 0 1 0 5 6 7\n`
}

test('a process is measured by the time that really passed, late readings included', async (t) => {
  const tree = new Tree(t, { '42/stat': pidStat(100, 50) })
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, cpuInput(optionsOf(cpu, { pid: 42 }), context, tree.root))
  tree.write('42/stat', pidStat(110, 55))
  await clock.advance(200)
  tree.write('42/stat', pidStat(130, 55))
  await clock.advance(1000)
  assert.deepEqual(context.records, [
    { cpu_p: 75, user_p: 50, system_p: 25 },
    { cpu_p: 20, user_p: 20, system_p: 0 },
  ])
})

test('a process that goes ends the run with its number', async (t) => {
  const child = spawn('sleep', ['60'])
  t.after(() => child.kill('SIGKILL'))
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const run = cpuInput(optionsOf(cpu, { pid: child.pid }), context).run(new AbortController().signal)
  const failed = assert.rejects(run, { code: 'CPU_NO_PROCESS', message: new RegExp(`got ${child.pid},`) })
  await clock.advance(200)
  assert.equal(context.events.length, 1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await clock.advance(1000)
  await failed
})

test('this machine has readable CPUs, and none is busier than wholly', async (t) => {
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, cpuInput(optionsOf(cpu, { interval: '10ms' }), context))
  const since = process.cpuUsage()
  const busyMs = (): number => process.cpuUsage(since).user / 1000 + process.cpuUsage(since).system / 1000
  while (busyMs() < 50); // five ticks of work
  await clock.advance(10)
  const record = context.records[0]
  assert.ok(record, 'no record')
  for (const [field, share] of Object.entries(record)) {
    assert.ok(typeof share === 'number' && share >= 0 && share <= 100, `${field} is ${JSON.stringify(share)}`)
  }
})

test('a pid that no process can have is refused', () => {
  const message = 'pid: expected a whole number of at least -1, got -7'
  assert.throws(() => optionsOf(cpu, { pid: -7 }), { message })
})
