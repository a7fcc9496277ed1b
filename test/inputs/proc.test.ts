import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import proc from '../../inputs/proc/index.js'
import { procInput } from '../../inputs/proc/proc-input.js'
import { goesBy, isDead, memoryOf } from '../../inputs/proc/status.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

const names: [name: string, wanted: string, status: string, commandLine: string, expected: boolean][] = [
  ['the file name of the program', 'sshd', 'Name:\tsshd\n', '/usr/sbin/sshd\0-D\0', true],
  ['a program started without a path', 'gpsd', 'Name:\tother\n', 'gpsd\0/dev/ttyS0\0', true],
  ['an argument is not the program', 'gpsd', 'Name:\tsh\n', '/bin/sh\0/usr/sbin/gpsd\0', false],
  ['a part of the name is not the name', 'ssh', 'Name:\tsshd\n', '/usr/sbin/sshd\0', false],
  ['a kernel thread by the name that the kernel has', 'kworker/0:1', 'Name:\tkworker/0:1\n', '', true],
  ['a name that the process gave itself', 'MainThread', 'Name:\tMainThread\n', '/usr/bin/node\0a.js\0', true],
]

test('a process goes by the name of its program or of the kernel', async (t) => {
  assert.ok(names.length > 0)
  for (const [name, wanted, status, commandLine, expected] of names) {
    await t.test(name, () => assert.equal(goesBy(wanted, status, commandLine), expected))
  }
})

test('a process that ended and was not yet looked after is dead', () => {
  assert.equal(isDead('Name:\tx\nState:\tZ (zombie)\n'), true)
  assert.equal(isDead('Name:\tState: Z\nState:\tS (sleeping)\n'), false)
})

test('memory is told in bytes, and what the kernel does not tell is left out', () => {
  const status = 'Name:\tgpsd\nVmPeak:\t    9000 kB\nVmRSS:\t       2 kB\nVmSwap:\t       0 kB\n'
  assert.deepEqual(memoryOf(status), { 'mem.VmPeak': 9_216_000, 'mem.VmRSS': 2048, 'mem.VmSwap': 0 })
  assert.deepEqual(memoryOf('Name:\tkthreadd\n'), {})
})

function addProcess(tree: Tree, pid: number, name: string, files = 0): void {
  tree.write(`${pid}/cmdline`, `/usr/bin/${name}\0--flag\0`)
  tree.write(`${pid}/status`, `Name:\t${name}\nState:\tS (sleeping)\nVmRSS:\t       4 kB\n`)
  for (let file = 0; file < files; file++) tree.write(`${pid}/fd/${file}`, '')
}

interface Setting {
  readonly tree: Tree
  readonly clock: FakeClock
  readonly context: RecordingInputContext
}

type Processes = readonly (readonly [pid: number, name: string, files?: number])[]

async function start(t: TestContext, processes: Processes, raw: object = {}): Promise<Setting> {
  const tree = new Tree(t, { version: 'Linux\n' })
  for (const [pid, name, files] of processes) addProcess(tree, pid, name, files)
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, procInput(optionsOf(proc, { proc_name: 'gpsd', ...raw }), context, tree.root))
  return { tree, clock, context }
}

test('a process that is alive is told with its memory and its open files', async (t) => {
  const { context } = await start(t, [
    [1, 'init'],
    [31, 'gpsd', 3],
  ])
  assert.deepEqual(context.records, [{ alive: true, proc_name: 'gpsd', pid: 31, 'mem.VmRSS': 4096, fd: 3 }])
})

test('memory and files are left out where nobody asks for them', async (t) => {
  const { context } = await start(t, [[31, 'gpsd', 3]], { mem: 'off', fd: 'off' })
  assert.deepEqual(context.records, [{ alive: true, proc_name: 'gpsd', pid: 31 }])
})

test('files that may not be seen are left out with a line that says so', async (t) => {
  const { context } = await start(t, [[31, 'gpsd']])
  assert.deepEqual(context.records, [{ alive: true, proc_name: 'gpsd', pid: 31, 'mem.VmRSS': 4096 }])
  assert.match(context.log.lines[0]?.message ?? '', /open files cannot be counted/)
})

test('the oldest of several is told, and the same one as long as it lives', async (t) => {
  const { tree, clock, context } = await start(t, [
    [200, 'gpsd'],
    [1000, 'gpsd'],
  ])
  addProcess(tree, 31, 'gpsd')
  await clock.advance(1000)
  tree.remove('200')
  await clock.advance(1000)
  assert.deepEqual(
    context.records.map((record) => record['pid']),
    [200, 200, 31],
  )
})

test('a number that another process got is not the process', async (t) => {
  const { tree, clock, context } = await start(t, [[31, 'gpsd']], { mem: false, fd: false })
  addProcess(tree, 31, 'bash')
  await clock.advance(1000)
  assert.deepEqual(context.records[1], { alive: false, proc_name: 'gpsd', pid: -1 })
})

test('with alert there are records only while it is not alive', async (t) => {
  const { tree, clock, context } = await start(t, [[31, 'gpsd', 1]], { alert: true })
  assert.equal(context.events.length, 0)
  tree.remove('31')
  await clock.advance(1000)
  assert.deepEqual(context.records, [{ alive: false, proc_name: 'gpsd', pid: -1 }])
  addProcess(tree, 50, 'gpsd', 1)
  await clock.advance(1000)
  assert.equal(context.events.length, 1)
})

test('a real process is seen alive and dead', async (t) => {
  const name = `sluice-${process.pid}`
  const child = spawn('sleep', ['60'], { argv0: name })
  t.after(() => child.kill('SIGKILL'))
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  await running(t, procInput(optionsOf(proc, { proc_name: name }), context))
  const [alive] = context.records
  assert.deepEqual([alive?.['alive'], alive?.['pid']], [true, child.pid])
  assert.ok(Number(alive?.['fd']) >= 3)
  assert.ok(Number(alive?.['mem.VmRSS']) > 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await clock.advance(1000)
  assert.deepEqual(context.records[1], { alive: false, proc_name: name, pid: -1 })
})
