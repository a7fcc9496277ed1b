import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from '../../../src/http-client/verdict.js'
import { PermanentError, RetryLater } from '../../../src/plugin/errors.js'

const where = 'http://test/in'

function verdictOn(status: number, headers: { [name: string]: string } = {}, text = ''): unknown {
  return judge({ status, headers, text }, { where, nowMs: 0 })
}

function kindOf(verdict: unknown): string {
  if (verdict === undefined) return 'taken'
  if (verdict === 'too_large') return 'too large'
  if (verdict instanceof PermanentError) return 'permanent'
  if (verdict instanceof RetryLater) return 'later'
  return verdict instanceof Error ? 'retry' : 'unknown'
}

const expectedKinds: readonly [kind: string, statuses: readonly number[]][] = [
  ['taken', [200, 201, 202, 204, 205, 207]],
  ['too large', [413]],
  ['retry', [301, 302, 307, 308, 408, 425, 429, 500, 502, 503, 504]],
  ['permanent', [400, 401, 403, 404, 405, 410, 415, 422]],
]

test('every status has its verdict', async (t) => {
  assert.ok(expectedKinds.length > 0)
  for (const [kind, statuses] of expectedKinds) {
    for (const status of statuses)
      await t.test(`${status}: ${kind}`, () => assert.equal(kindOf(verdictOn(status)), kind))
  }
})

test('a server that names a wait is asked again only then', () => {
  const verdict = verdictOn(503, { 'retry-after': '120' })
  assert.ok(verdict instanceof RetryLater)
  assert.equal(verdict.afterMs, 120_000)
})

test('a refusal tells the status and the beginning of the answer, on one line', () => {
  const verdict = verdictOn(400, {}, `no\nsuch "field"\u001b[31m${'x'.repeat(500)}`)
  assert.ok(verdict instanceof PermanentError)
  assert.match(verdict.message, /^http:\/\/test\/in: answered 400 "no\\nsuch \\"field\\"\\u001b\[31mx+…"; /)
  assert.ok(verdict.message.length < 320)
})

test('a redirect tells where it leads', () => {
  const verdict = verdictOn(301, { location: 'https://test/in' })
  assert.ok(verdict instanceof Error)
  assert.match(verdict.message, /answered 301, a redirect to "https:\/\/test\/in", which is not followed/)
})
