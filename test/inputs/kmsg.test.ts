import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { accessSync, constants, openSync, writeSync, closeSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { kernelDevice, type Source } from '../../inputs/kmsg/device.js'
import kmsg from '../../inputs/kmsg/index.js'
import { kmsgInput } from '../../inputs/kmsg/kmsg-input.js'
import { type KernelRecord, parseKmsg } from '../../inputs/kmsg/parse.js'
import type { StateStore } from '../../src/plugin/context.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

const plain = { sequence: 7, usec: 1_234_567, properties: {} }
const parsed: [name: string, text: string, records: KernelRecord[], broken?: number][] = [
  ['one record', '6,7,1234567,-;usb 1-1: new device\n', [{ ...plain, priority: 6, text: 'usb 1-1: new device' }]],
  [
    'a facility above the priority',
    '30,7,1234567,-;from user space\n',
    [{ ...plain, priority: 6, text: 'from user space' }],
  ],
  ['semicolons in the text', '3,7,1234567,-;a;b\n', [{ ...plain, priority: 3, text: 'a;b' }]],
  ['fields that later kernels add', '3,7,1234567,c,caller=T1;x\n', [{ ...plain, priority: 3, text: 'x' }]],
  ['an empty text', '3,7,1234567,-;\n', [{ ...plain, priority: 3, text: '' }]],
  [
    'continuation lines',
    '6,7,1234567,-;eth0: link up\n SUBSYSTEM=net\n DEVICE=n2\n',
    [{ ...plain, priority: 6, text: 'eth0: link up', properties: { SUBSYSTEM: 'net', DEVICE: 'n2' } }],
  ],
  [
    'several records',
    '6,7,1234567,-;one\n A=1\n4,8,1234568,-;two\n',
    [
      { ...plain, priority: 6, text: 'one', properties: { A: '1' } },
      { ...plain, priority: 4, sequence: 8, usec: 1_234_568, text: 'two' },
    ],
  ],
  [
    'escaped bytes',
    '6,7,1234567,-;a\\x5cb \\x1b[1m caf\\xc3\\xa9\n',
    [{ ...plain, priority: 6, text: 'a\\b \u001b[1m café' }],
  ],
  ['a line that is none', 'hello\n6,7,1234567,-;one\n', [{ ...plain, priority: 6, text: 'one' }], 1],
  ['nothing', '', []],
]

test("the kernel's records are read", async (t) => {
  assert.ok(parsed.length > 0)
  for (const [name, text, records, broken = 0] of parsed) {
    await t.test(name, () => assert.deepEqual(parseKmsg(text), { records, broken }))
  }
})

interface Setting {
  readonly clock: FakeClock
  readonly context: RecordingInputContext
  readonly input: ReturnType<typeof kmsgInput>
  readonly source: Source
  readonly write: (text: string) => void
}

/** A FIFO stands in for the device: it too answers EAGAIN while it has nothing. */
function setUp(t: TestContext, raw: object = {}): Setting {
  const tree = new Tree(t, { boot_id: 'boot-1\n' })
  const path = tree.path('kmsg')
  execFileSync('mkfifo', [path])
  const writer = openSync(path, constants.O_RDWR) // a FIFO opened both ways waits for nobody
  t.after(() => closeSync(writer))
  const source = { path, bootIdPath: tree.path('boot_id'), sinceBootMs: () => clock.monotonic() + 5000 }
  const clock = new FakeClock()
  const context = new RecordingInputContext(clock)
  const input = kmsgInput(optionsOf(kmsg, { ...raw }), context, source)
  return { clock, context, input, source, write: (text) => void writeSync(writer, text) }
}

test('records become events as they come, with the time at which the kernel wrote them', async (t) => {
  const { clock, context, input, write } = setUp(t, { tag: 'host.kernel' })
  clock.setWall(1_700_000_000_000)
  await running(t, input)
  write('6,1,2500000,-;first\n SUBSYSTEM=net\n')
  await clock.advance(250)
  write('28,2,5250001,-;second\n')
  await clock.advance(250)
  assert.deepEqual(context.records, [
    { priority: 6, sequence: 1, sec: 2, usec: 500_000, msg: 'first', SUBSYSTEM: 'net' },
    { priority: 4, sequence: 2, sec: 5, usec: 250_001, msg: 'second' },
  ])
  assert.deepEqual(
    context.events.map(({ tag, time }) => [tag, time.seconds, Math.round(time.nanoseconds / 1000)]),
    [
      ['host.kernel', 1_699_999_997, 500_000],
      ['host.kernel', 1_700_000_000, 250_001],
    ],
  )
})

test('a clock that is set later sets the times of later records right', async (t) => {
  const { clock, context, input, write } = setUp(t)
  clock.setWall(0)
  await running(t, input)
  write('6,1,5000000,-;before\n')
  await clock.advance(250)
  clock.setWall(1_700_000_000_000)
  write('6,2,5250000,-;after\n')
  await clock.advance(250)
  assert.deepEqual(
    context.events.map(({ time }) => time.seconds),
    [0, 1_700_000_000],
  )
})

test('prio_level leaves out what is less urgent', async (t) => {
  const { clock, context, input, write } = setUp(t, { prio_level: 4 })
  await running(t, input)
  write('3,1,1,-;error\n4,2,2,-;warning\n5,3,3,-;notice\n31,4,4,-;debug\n')
  await clock.advance(250)
  assert.deepEqual(
    context.records.map((record) => record['msg']),
    ['error', 'warning'],
  )
  assert.deepEqual(context.dropped, {})
})

test('records that the kernel overwrote, and lines that are none, are counted', async (t) => {
  const { clock, context, input, write } = setUp(t)
  await running(t, input)
  write('6,100,1,-;the oldest there is\n6,101,2,-;next\n')
  await clock.advance(250)
  assert.deepEqual(context.dropped, {})
  write('6,151,3,-;after a flood\nnoise\n')
  await clock.advance(250)
  assert.deepEqual(context.dropped, { overwritten: 49, not_kmsg: 1 })
})

test('a flood lets others have their turn', async (t) => {
  const { clock, context, input, write } = setUp(t)
  const flood = Array.from({ length: 300 }, (_, index) => `6,${index},${index},-;${'x'.repeat(150)}\n`).join('')
  write(flood)
  await running(t, input)
  await clock.advance(1)
  assert.equal(context.events.length, 300)
})

test('while there is no room nothing more is read', async (t) => {
  const { clock, context, input, write } = setUp(t)
  await running(t, input)
  context.hasRoom = false
  write('6,1,1,-;one\n')
  await clock.advance(250)
  write('6,2,2,-;two\n')
  await clock.advance(1000)
  assert.equal(context.events.length, 1)
  context.hasRoom = true
  await settle()
  assert.equal(context.events.length, 2)
})

async function restart(t: TestContext, source: Source, state: StateStore): Promise<[FakeClock, RecordingInputContext]> {
  const clock = new FakeClock()
  const context = Object.assign(new RecordingInputContext(clock), { state })
  await running(t, kmsgInput(optionsOf(kmsg), context, source))
  return [clock, context]
}

test('a restart repeats what was not acknowledged, and nothing else', async (t) => {
  const { clock, context, input, source, write } = setUp(t, { prio_level: 6 })
  const run = await running(t, input)
  const log = '6,1,1,-;one\n6,2,2,-;two\n7,3,3,-;debug\n6,4,4,-;four\n6,5,5,-;five\n'
  write(log)
  await clock.advance(250)
  const [one, two, , five] = context.acks
  two?.()
  assert.equal(context.state.get('position'), undefined)
  one?.()
  assert.equal(context.state.get('position'), 'boot-1 3')
  five?.()
  assert.equal(context.state.get('position'), 'boot-1 3')
  await run.stop()
  write(`${log}6,6,6,-;six\n`)
  const [clockAfter, after] = await restart(t, source, context.state)
  await clockAfter.advance(250)
  assert.deepEqual(
    after.records.map((record) => record['msg']),
    ['four', 'five', 'six'],
  )
  assert.deepEqual(after.dropped, {})
})

test('after another boot the log is read from its beginning', async (t) => {
  const { context, source, write } = setUp(t)
  context.state.set('position', 'boot-0 900')
  write('6,1,1,-;one\n')
  const [, after] = await restart(t, source, context.state)
  assert.equal(after.events.length, 1)
})

test('a run that failed repeats nothing when it runs again', async (t) => {
  const { clock, context, input, write } = setUp(t)
  const run = await running(t, input)
  write('6,1,1,-;one\n')
  await clock.advance(250)
  await run.stop()
  write('6,1,1,-;one\n6,2,2,-;two\n')
  await running(t, input)
  assert.deepEqual(
    context.records.map((record) => record['msg']),
    ['one', 'two'],
  )
})

test('a machine without the device, or one that lets nobody in, says so', async (t) => {
  const tree = new Tree(t, { dir: '' })
  const options = optionsOf(kmsg)
  const start = (path: string): Promise<void> =>
    kmsgInput(options, new RecordingInputContext(), { ...kernelDevice, path }).run(new AbortController().signal)
  await assert.rejects(start(tree.path('none')), {
    code: 'KMSG_NO_DEVICE',
    message: /this machine or container has none/,
  })
  await assert.rejects(start(tree.path('dir/below')), { code: 'KMSG_DENIED' })
})

const readable = isReadable(kernelDevice.path)
test(
  "the log of this machine's kernel is read",
  { skip: readable ? false : 'this user may not read /dev/kmsg' },
  async (t) => {
    const context = new RecordingInputContext()
    await running(t, kmsgInput(optionsOf(kmsg), context, kernelDevice))
    const sequences = context.records.map((record) => Number(record['sequence']))
    assert.ok(sequences.length > 0, 'no record')
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
    )
    assert.ok(context.records.every((record) => typeof record['msg'] === 'string'))
  },
)

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK))
    return true
  } catch {
    return false // whoever runs this is let in or not
  }
}
