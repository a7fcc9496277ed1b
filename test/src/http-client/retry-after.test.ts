import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retryAfterMs } from '../../../src/http-client/retry-after.js'

const now = Date.parse('2026-08-01T12:00:00Z')

const cases: readonly [name: string, header: string | undefined, expected: number | undefined][] = [
  ['no header', undefined, undefined],
  ['seconds', '120', 120_000],
  ['seconds between blanks', ' 7 ', 7000],
  ['no seconds at all', '0', undefined],
  ['more than an hour', '86400', 3_600_000],
  ['an HTTP date', 'Sat, 01 Aug 2026 12:00:30 GMT', 30_000],
  ['the old form of an HTTP date', 'Saturday, 01-Aug-26 12:00:30 GMT', 30_000],
  ['a date that has passed', 'Sat, 01 Aug 2026 11:59:00 GMT', undefined],
  ['a date far away', 'Sun, 01 Aug 2027 12:00:00 GMT', 3_600_000],
  ['words', 'soon', undefined],
  ['a negative number', '-5', undefined],
]

test('Retry-After is read as seconds or as a date', async (t) => {
  assert.ok(cases.length > 0)
  for (const [name, header, expected] of cases) {
    await t.test(name, () => assert.equal(retryAfterMs(header, now), expected))
  }
})
