import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageOf } from '../../../../src/cli/log/lane-report.js'
import { ageText } from '../../../../src/cli/log/ls-text.js'

test('an age has its largest unit and the next', () => {
  const ages = [0, 999, 5000, 65_000, 3_600_000, 3_725_000, 90_061_000, 8_640_000_000].map(ageText)
  assert.deepEqual(ages, ['0s', '0s', '5s', '1m 5s', '1h 0m', '1h 2m', '1d 1h', '100d 0h'])
})

test('within one boot the uptime tells the age, else the time of day, and none is below zero', () => {
  const now = { wallMs: 1_000_000, uptimeMs: 5000, boot: 'b' }
  assert.equal(ageOf({ time: 999_000, uptime: 1000, boot: 'b' }, now), 4000)
  assert.equal(ageOf({ time: 400_000, uptime: 1000, boot: 'c' }, now), 600_000)
  assert.equal(ageOf({ time: 2_000_000, uptime: 1000, boot: 'c' }, now), 0)
})
