import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Log, type Threshold } from '../../../src/observe/log.js'
import { FakeClock } from '../../support/fake-clock.js'

function written(level: Threshold = 'debug') {
  const clock = new FakeClock()
  const lines: string[] = []
  const log = new Log({ level, write: (line) => void lines.push(line), paint: (_, text) => text }, clock)
  return { clock, lines, log }
}

describe('the log', () => {
  it('writes time, level, instance, message and fields', () => {
    const { clock, lines, log } = written()
    clock.setWall(1_700_000_000_123)
    log.write('warn', 'http.0', 'delivery failed', { attempt: 2, reason: 'no "route" here', big: 2n ** 60n })
    const fields = 'attempt=2 reason="no \\"route\\" here" big=1152921504606846976'
    assert.deepEqual(lines, [`2023-11-14T22:13:20.123Z warn  http.0 delivery failed ${fields}`])
  })

  it('leaves out what is less severe than its level', () => {
    const { lines, log } = written('warn')
    log.write('info', 'a', 'x')
    log.write('warn', 'a', 'y')
    assert.equal(lines.length, 1)
    const all = written('trace')
    all.log.write('debug', 'a', 'x')
    assert.equal(all.lines.length, 1)
    const off = written('off')
    off.log.write('error', 'a', 'x')
    assert.deepEqual(off.lines, [])
  })

  it('keeps what others wrote on the line, and away from the terminal', () => {
    const { lines, log } = written()
    log.write('warn', 'tail.0', "open '/var/log/a\n2026 error b'", { path: 'x\u009b2Jy', reason: '\u001b[2J' })
    assert.match(lines.join('|'), /open '\/var\/log\/a\\n2026 error b' path=x\\u009b2Jy reason=\\u001b\[2J$/)
    assert.equal(lines.length, 1)
  })

  it('writes what repeats once a minute, with how often it came', async () => {
    const { clock, lines, log } = written()
    for (let second = 0; second < 61; second++) {
      log.write('warn', 'tcp.0', 'dropping what cannot be parsed')
      await clock.advance(1000)
    }
    assert.equal(lines.length, 2)
    assert.match(lines[1] ?? '', /repeated=59$/)
  })

  it('tells troubles afresh after good news from the same instance', () => {
    const { lines, log } = written()
    for (const message of ['down', 'down', 'up', 'down']) log.write(message === 'up' ? 'info' : 'warn', 'out', message)
    log.write('warn', 'other', 'down')
    assert.deepEqual(
      lines.map((line) => line.split(' ').slice(-2).join(' ')),
      ['out down', 'out up', 'out down', 'other down'],
    )
  })
})
