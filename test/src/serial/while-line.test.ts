import assert from 'node:assert/strict'
import { writeSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../../src/base/clock.js'
import { type SerialLine, whileLine } from '../../../src/serial/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { RecordingInputContext } from '../../support/input-context.js'
import { PtyPair, skipPty } from '../../support/pty-pair.js'
import { backends, fileOf, pluggedIn, serialSettings } from '../../support/serial-line.js'
import { Tree } from '../../support/tree.js'
import { within } from '../../support/within.js'

for (const backend of backends) {
  describe(`work on a line by ${backend}`, { skip: skipPty }, () => {
    it('waits for a device that is not there yet, and goes on when it was unplugged and is back', async (t) => {
      const pair = new PtyPair(new Tree(t).root)
      t.after(() => pair.pullOut())
      const { context, heard } = reading(t, pair.agentEnd, { backend, reconnect_interval: '10ms' })
      for (const [at, word] of ['one', 'two', 'three'].entries()) {
        await pair.plugIn()
        const device = fileOf(t, pair.deviceEnd)
        // What comes before the line is open may be thrown away, so the device repeats itself.
        const said = until(() => heard(word) || writeSync(device, word) === 0)
        await within(20_000, said, word)
        await pair.pullOut()
        await within(20_000, counted(context, 'lost_lines', at + 1), `the loss of ${word}`)
      }
    })
  })
}

describe('work on a line', { skip: skipPty }, () => {
  it('ends with its signal, be the device there or not', async (t) => {
    const pair = await pluggedIn(t)
    for (const path of [pair.agentEnd, '/dev/none']) {
      const { stop, ended } = reading(t, path)
      await systemClock.sleep(20)
      stop.abort()
      await within(20_000, ended, path)
    }
  })

  it('ends with what its work throws', async (t) => {
    const pair = await pluggedIn(t)
    const context = new RecordingInputContext(systemClock)
    const work = whileLine(serialSettings({ path: pair.agentEnd }), context, new AbortController().signal, () =>
      Promise.reject(new Error('work')),
    )
    await assert.rejects(work, /^Error: work$/)
  })

  it('looks for an absent device at the interval, and says so once', async () => {
    const clock = new FakeClock()
    const context = new RecordingInputContext(clock)
    const stop = new AbortController()
    const settings = serialSettings({ path: '/dev/none', reconnect_interval: '2s' })
    const ended = whileLine(settings, context, stop.signal, () => Promise.resolve())
    await until(() => clock.waiting === 1)
    await clock.advance(1999)
    assert.equal(clock.waiting, 1)
    await clock.advance(1)
    await until(() => clock.waiting === 1)
    assert.deepEqual(
      context.log.lines.map(({ message, fields }) => [message, fields?.['reason']]),
      [['waiting for a serial line', '/dev/none: no such device']],
    )
    stop.abort()
    await within(20_000, ended, 'the end')
  })

  it('fails at the start where that is asked for, and gives up where that is', async () => {
    const start = (start_behavior: string) =>
      whileLine(
        serialSettings({ path: '/dev/none', start_behavior }),
        new RecordingInputContext(systemClock),
        new AbortController().signal,
        () => assert.fail('there is no line'),
      )
    await assert.rejects(start('fail'), { code: 'SERIAL_ABSENT' })
    await within(20_000, start('ignore'), 'giving up')
  })
})

interface Reading {
  readonly context: RecordingInputContext
  readonly stop: AbortController
  readonly ended: Promise<void>
  /** Whether this text was read. */
  heard(word: string): boolean
}

/** Reads a line until the test ends. */
function reading(t: TestContext, path: string, raw: { readonly [option: string]: unknown } = {}): Reading {
  const context = new RecordingInputContext(systemClock)
  const stop = new AbortController()
  let text = ''
  const ended = whileLine(serialSettings({ path, ...raw }), context, stop.signal, async (line: SerialLine) => {
    for await (const bytes of line.read()) text += Buffer.from(bytes).toString()
  })
  t.after(async () => {
    stop.abort()
    await ended
  })
  return { context, stop, ended, heard: (word) => text.includes(word) }
}

function counted(context: RecordingInputContext, name: string, count: number): Promise<void> {
  return until(() => context.counted[name] === count)
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await systemClock.sleep(2)
}
