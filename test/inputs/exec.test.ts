import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'

import exec from '../../inputs/exec/index.js'
import { type Clock, systemClock } from '../../src/base/clock.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { parserNamed } from '../support/parsers.js'
import { running } from '../support/running.js'
import { Tree } from '../support/tree.js'

type Raw = { readonly [option: string]: unknown }

/** A script in a file of its own, run once. */
function script(t: TestContext, text: string, raw: Raw = {}): Raw {
  const tree = new Tree(t, { 'script.sh': text })
  return { command: ['sh', tree.path('script.sh')], oneshot: true, exit_after_oneshot: true, ...raw }
}

async function started(t: TestContext, raw: Raw, clock: Clock = systemClock) {
  const context = new RecordingInputContext(clock, parserNamed)
  const input = exec.create(optionsOf(exec, raw), context)
  return { context, run: await running(t, input) }
}

async function done(raw: Raw): Promise<RecordingInputContext> {
  const context = new RecordingInputContext(systemClock, parserNamed)
  await exec.create(optionsOf(exec, raw), context).run(new AbortController().signal)
  return context
}

/** Whether a process has ended, be it that nobody has asked for its exit code yet. */
function gone(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

/** Resolves once a process has ended: the kernel closes what it held open a moment before that. */
async function ended(pid: number): Promise<void> {
  while (!gone(pid)) await new Promise((resolve) => setImmediate(resolve))
}

const reasonOf = ({ log }: RecordingInputContext): string => String(log.lines.at(-1)?.fields?.['reason'])

describe('exec input', () => {
  it('takes each line that the command prints, the last one with or without its end', async (t) => {
    const context = await done(script(t, 'echo one; echo; printf "two\\r\\nthree"'))
    assert.deepEqual(context.records, [{ exec: 'one' }, { exec: 'two' }, { exec: 'three' }])
    assert.deepEqual([context.dropped, context.counted], [{}, {}])
  })

  it('parses the lines where a parser is named, and drops and counts what is not of its format', async (t) => {
    const context = await done(script(t, `echo '{"a":1}'; echo nonsense; echo '{"b":2}'`, { parser: 'json' }))
    assert.deepEqual([context.records, context.dropped], [[{ a: 1 }, { b: 2 }], { invalid: 1 }])
  })

  it('drops and counts a line that is too long, and takes the next', async (t) => {
    const context = await done(script(t, 'head -c 5000 /dev/zero | tr "\\0" x; echo; echo short', { buf_size: 100 }))
    assert.deepEqual([context.records, context.dropped], [[{ exec: 'short' }], { too_long: 1 }])
  })

  it('gives the command no shell, the environment of the agent, and an empty standard input', async (t) => {
    const raw = { oneshot: true, exit_after_oneshot: true }
    const plain = await done({ ...raw, command: `printf '%s\\n' '$HOME *'` })
    assert.deepEqual(plain.records, [{ exec: '$HOME *' }])
    const shell = await done(script(t, 'cat; echo "$PATH"'))
    assert.deepEqual(shell.records, [{ exec: process.env['PATH'] }])
  })

  it('runs at its interval, never two at a time, and counts the runs that were due meanwhile', async (t) => {
    const tree = new Tree(t, {
      'script.sh':
        'mkdir "$1/lock" || echo overlap; echo run; while [ ! -e "$1/go" ]; do sleep 0.01; done; rm -d "$1/lock"',
    })
    const clock = new FakeClock()
    const command = ['sh', tree.path('script.sh'), tree.root]
    const { context } = await started(t, { command, interval: '1s', timeout: '1h' }, clock)
    await context.received(1)
    await clock.advance(5500)
    tree.write('go', '')
    await context.until(() => context.counted['late_readings'] !== undefined)
    await clock.advance(1000)
    await context.received(2)
    assert.deepEqual(context.records, [{ exec: 'run' }, { exec: 'run' }])
    assert.deepEqual(context.counted, { late_readings: 5 })
  })

  it('runs once when told, and waits for the end of the agent', async (t) => {
    const clock = new FakeClock()
    const { context, run } = await started(t, { command: 'echo once', oneshot: true }, clock)
    await context.received(1)
    await clock.advance(7_200_000)
    await run.stop()
    assert.equal(context.events.length, 1)
  })

  it('tells why a command failed', async (t) => {
    const context = await done(script(t, 'echo half; echo no such sensor >&2; exit 3'))
    assert.deepEqual(context.records, [{ exec: 'half' }])
    assert.deepEqual(context.counted, { failed_runs: 1 })
    assert.equal(reasonOf(context), 'exit code 3: no such sensor')
  })

  it('tells of a signal that ended it', async (t) => {
    assert.equal(reasonOf(await done(script(t, 'kill -SEGV $$'))), 'ended by SIGSEGV')
  })

  it('keeps the beginning alone of what a command complains of without end', async (t) => {
    const context = await done(script(t, 'head -c 1000000 /dev/zero | tr "\\0" e >&2; exit 1'))
    assert.equal(reasonOf(context), `exit code 1: ${'e'.repeat(200)}`)
  })

  it('goes on after a program that is not there', async (t) => {
    const clock = new FakeClock()
    const { context } = await started(t, { command: '/no/such/program', interval: '1s' }, clock)
    await context.until(() => context.counted['failed_runs'] === 1)
    await settle()
    await clock.advance(1000)
    await context.until(() => context.counted['failed_runs'] === 2)
    assert.match(reasonOf(context), /cannot be started: .*ENOENT/)
  })

  it('ends a command that hangs, and its children, when its time is up', async (t) => {
    const clock = new FakeClock()
    // One write, so that the half line is there when the whole one is.
    const hangs = script(t, 'sleep 1000 & printf "%s\\nunfinished" $!; wait', { timeout: '5s' })
    const { context } = await started(t, hangs, clock)
    await context.received(1)
    await clock.advance(5000)
    await context.until(() => context.counted['failed_runs'] === 1)
    assert.match(reasonOf(context), /no end within 5000 ms/)
    await ended(Number(context.records[0]?.['exec']))
    assert.deepEqual(context.dropped, { cut_off: 1 }, 'half a line is no line')
  })

  it('kills a command that ignores being told to end', async (t) => {
    const clock = new FakeClock()
    const stubborn = script(t, 'trap "" TERM; echo $$; while :; do sleep 1000; done', { timeout: '5s' })
    const { context } = await started(t, stubborn, clock)
    await context.received(1)
    await clock.advance(5000)
    await clock.advance(1000)
    await context.until(() => context.counted['failed_runs'] === 1)
    await ended(Number(context.records[0]?.['exec']))
  })

  it('does not wait for a process that left the group and kept the output', async (t) => {
    const clock = new FakeClock()
    const { context } = await started(
      t,
      script(t, "setsid sh -c 'echo $$; exec sleep 1000' &", { timeout: '5s' }),
      clock,
    )
    await context.received(1)
    const pid = Number(context.records[0]?.['exec'])
    t.after(() => process.kill(pid))
    await settle()
    await clock.advance(5000)
    await clock.advance(1000)
    await context.until(() => context.counted['failed_runs'] === 1)
    assert.ok(!gone(pid))
  })

  it('ends the command when the agent stops, which is no failure', async (t) => {
    const { context, run } = await started(t, script(t, 'echo $$; sleep 1000'))
    await context.received(1)
    await run.stop()
    await ended(Number(context.records[0]?.['exec']))
    assert.deepEqual(context.counted, {})
  })

  it('kills a stubborn command when the agent stops', async (t) => {
    const clock = new FakeClock()
    const { context, run } = await started(t, script(t, 'trap "" TERM; echo $$; while :; do sleep 1000; done'), clock)
    await context.received(1)
    const stopped = run.stop()
    await clock.advance(1000)
    await stopped
    await ended(Number(context.records[0]?.['exec']))
    assert.equal(clock.waiting, 0)
  })

  it('reads no more of a command that prints without end while there is no room, and takes no time off it', async (t) => {
    const clock = new FakeClock()
    const { context, run } = await started(t, { command: 'yes telemetry', oneshot: true, timeout: '5s' }, clock)
    context.hasRoom = false
    await context.received(context.events.length + 1)
    const taken = context.events.length
    await clock.advance(60_000)
    for (let turn = 0; turn < 20; turn++) await settle()
    assert.equal(context.events.length, taken)
    assert.deepEqual(context.counted, {})
    context.hasRoom = true
    await context.received(taken + 1)
    await run.stop()
  })
})

describe('the options of exec', () => {
  const create = (raw: Raw): unknown => exec.create(optionsOf(exec, raw), new RecordingInputContext())

  it('want a shell named where the command needs one', () => {
    assert.throws(() => create({ command: 'cat x | wc' }), {
      code: 'EXEC_COMMAND',
      message: 'command: expected words, got "|", which only a shell knows; write command: sh -c \'cat x | wc\'',
    })
  })

  it('want oneshot beside exit_after_oneshot', () => {
    assert.throws(() => create({ command: 'true', exit_after_oneshot: 'on' }), /expected `oneshot: on` beside it/)
  })
})
