import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import type { Event } from '../../src/event/event.js'
import { ingesting } from '../support/http-ingest.js'
import { jsonObjects, jsonTexts } from '../support/json-bodies.js'

/** Times of events that state none are when they came. */
const longAgo = 1_600_000_000

function plain(events: readonly Event[]): unknown {
  return events.map(({ tag, time, record }) => ({ tag, record, time: time.seconds < longAgo ? time : 'now' }))
}

test('JSON gives the same events where a filter makes objects of them', async (t) => {
  const direct = await ingesting(t)
  const filtered = await ingesting(t, { filters: [{ name: 'modify', match: '*', set: 'seen yes' }] })
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.oneof(jsonTexts, jsonObjects), fc.constantFrom('json', 'x-ndjson'), async (body, type) => {
      direct.events.length = 0
      filtered.events.length = 0
      const headers = { 'content-type': `application/${type}` }
      const [one, other] = await Promise.all([direct, filtered].map(({ post }) => post('/app.log', body, headers)))
      assert.deepEqual([one?.status, one?.text], [other?.status, other?.text])
      assert.ok(filtered.records.every(({ seen }) => seen === 'yes'))
      const marked = direct.events.map((event) => ({ ...event, record: { ...event.record, seen: 'yes' } }))
      assert.deepEqual(plain(filtered.events), plain(marked))
      count += direct.events.length
    }),
    { numRuns: 300 },
  )
  assert.ok(count > 50, `${count} events`)
})
