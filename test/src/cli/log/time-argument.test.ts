import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTime } from '../../../../src/cli/log/time-argument.js'
import { toIsoText } from '../../../../src/event/event-time.js'

const now = Date.UTC(2026, 10, 23, 12, 0, 0, 250)

const good: readonly (readonly [text: string, time: string])[] = [
  ['10m', '2026-11-23T11:50:00.250000000Z'],
  ['1h30m', '2026-11-23T10:30:00.250000000Z'],
  ['2d', '2026-11-21T12:00:00.250000000Z'],
  ['90000d', '1970-01-01T00:00:00.000000000Z'],
  ['2026-11-23', '2026-11-23T00:00:00.000000000Z'],
  ['2026-11-23T21:03', '2026-11-23T21:03:00.000000000Z'],
  ['2026-11-23 21:03:07', '2026-11-23T21:03:07.000000000Z'],
  ['2026-11-23T21:03:07.5z', '2026-11-23T21:03:07.500000000Z'],
  ['2026-11-23T21:03:07.123456789Z', '2026-11-23T21:03:07.123456789Z'],
  ['2026-11-23T21:03:07+01:00', '2026-11-23T20:03:07.000000000Z'],
  ['2026-11-23T21:03:07.25-0130', '2026-11-23T22:33:07.250000000Z'],
]

for (const [text, time] of good) {
  test(`${text} is ${time}`, () => assert.equal(toIsoText(parseTime('--since', text, now)), time))
}

const bad = ['', 'yesterday', '10', '10 m', '2026-02-30', '2026-13-01', '2026-11-23T25:00Z', '2026-11-23T21:03:07+1']

for (const text of bad) {
  test(`"${text}" is no time`, () => {
    assert.throws(() => parseTime('--until', text, now), {
      message: `--until: expected a time such as 2026-11-23T21:03:00Z, or how long ago such as 10m, got "${text}"`,
    })
  })
}
