import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import exec from '../../inputs/exec/index.js'
import { commandWords } from '../../inputs/exec/words.js'
import { systemClock } from '../../src/base/clock.js'
import { FakeClock } from '../support/fake-clock.js'
import { RecordingInputContext } from '../support/input-context.js'
import { optionsOf } from '../support/options.js'
import { parserNamed } from '../support/parsers.js'

type Raw = { readonly [option: string]: unknown }

function started(raw: Raw, clock: FakeClock | typeof systemClock = systemClock) {
  const context = new RecordingInputContext(clock, parserNamed)
  const stop = new AbortController()
  const done = exec.create(optionsOf(exec, raw), context).run(stop.signal)
  return { context, stop, done }
}

const sh = (script: string): Raw => ({ command: ['sh', '-c', script], oneshot: true })

/** Whether a process has ended, be it that nobody has asked for its exit code yet. */
function gone(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

describe('exec input', () => {
  it('takes each line that the command prints', async () => {
    const { context, done } = started(sh('echo one; printf "two\\nthree"'))
    await done
    assert.deepEqual(context.records, [{ exec: 'one' }, { exec: 'two' }, { exec: 'three' }])
  })

  it('parses the lines where a parser is named, and drops and counts what is not of its format', async () => {
    const { context, done } = started({ ...sh(`echo '{"a":1}'; echo nonsense`), parser: 'json' })
    await done
    assert.deepEqual([context.records, context.dropped], [[{ a: 1 }], { invalid: 1 }])
  })

  it('runs again and again at its interval', async () => {
    const { context, stop, done } = started({ command: 'echo again', interval: '10ms' })
    await context.received(3)
    stop.abort()
    await done
  })

  it('tells why a command failed', async () => {
    const { context, done } = started(sh('echo no such sensor >&2; exit 3'))
    await done
    assert.equal(context.counted['failed_runs'], 1)
    assert.deepEqual(context.log.lines[0]?.fields, { reason: 'exit code 3: no such sensor' })
  })

  it('tells that there is no such program', async () => {
    const { context, done } = started({ command: '/no/such/program', oneshot: true })
    await done
    assert.match(String(context.log.lines[0]?.fields?.['reason']), /ENOENT/)
  })

  it('ends a command that hangs, and its children, when its time is up', async () => {
    const clock = new FakeClock()
    const { context, done } = started({ ...sh('sleep 1000 & echo $!; wait'), timeout: '5s' }, clock)
    await context.received(1)
    await clock.advance(5000)
    await done
    assert.match(String(context.log.lines[0]?.fields?.['reason']), /no end within 5000 ms/)
    assert.ok(gone(Number(context.records[0]?.['exec'])))
  })

  it('kills a command that ignores being told to end', async () => {
    const clock = new FakeClock()
    const { context, done } = started(
      { ...sh('trap "" TERM; echo ready; while :; do sleep 1000; done'), timeout: '5s' },
      clock,
    )
    await context.received(1)
    await clock.advance(5000)
    await clock.advance(2000)
    await done
    assert.equal(context.counted['failed_runs'], 1)
  })

  it('ends the command when the agent stops', async () => {
    const { context, stop, done } = started(sh('echo ready; sleep 1000'))
    await context.received(1)
    stop.abort()
    await done
    assert.deepEqual(context.counted, {}, 'that is no failure')
  })

  it('does not hold up the event loop or its memory when a command prints without end', async () => {
    const { context, stop, done } = started({ command: 'yes telemetry', oneshot: true })
    context.hasRoom = false
    await context.received(1)
    const taken = context.events.length
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(context.events.length, taken, 'without room nothing more is read')
    stop.abort()
    context.hasRoom = true
    await done
  })
})

describe('the words of a command', () => {
  const cases: [string, readonly string[], readonly string[]][] = [
    ['one text', ['cat /sys/x'], ['cat', '/sys/x']],
    ['quotes', [`echo "a b" 'c $d' e\\ f`], ['echo', 'a b', 'c $d', 'e f']],
    ['quotes inside a word', [`--name="x y"z`], ['--name=x yz']],
    ['an empty word', [`echo ""`], ['echo', '']],
    ['a list', ['sh', '-c', 'a | b'], ['sh', '-c', 'a | b']],
  ]
  for (const [name, command, words] of cases) it(`of ${name}`, () => assert.deepEqual(commandWords(command), words))

  for (const command of ['cat x | wc', 'echo $HOME', 'a; b', 'ls *.log', 'x > y']) {
    it(`are not to be had of "${command}", which wants a shell`, () => {
      assert.throws(() => commandWords([command]), /only a shell knows; write command: \[sh, -c, /)
    })
  }

  it('need quotes that end', () => assert.throws(() => commandWords(['echo "a']), /expected an end of the quotes/))
})
