import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ingesting } from '../support/http-ingest.js'

/** As the docs of the HTTP Event Collector have clients do it. */
const headers = { authorization: 'Splunk 12345678-1234-1234-1234-1234567890AB' }

test('events for Splunk, one object behind the other, become events', async (t) => {
  const { post, events } = await ingesting(t, { input: { tag: 'hec' } })
  const body =
    '{"time": 1700000000.123, "host": "gw1", "source": "app", "event": {"message": "up"}, "fields": {"n": 1}}' +
    '{"event": "down"}'
  for (const path of ['', '/event', '/event/1.0']) {
    const { status, text } = await post(`/services/collector${path}`, body, headers)
    assert.deepEqual([status, JSON.parse(text)], [200, { text: 'Success', code: 0 }])
  }
  assert.equal(events.length, 6)
  const [first, second] = events
  assert.equal(first?.tag, 'hec')
  assert.deepEqual(first?.time, { seconds: 1_700_000_000, nanoseconds: 123_000_000 })
  assert.deepEqual([first?.record['event'], first?.record['host']], [{ message: 'up' }, 'gw1'])
  assert.equal(second?.record['event'], 'down')
})

test('lines for Splunk are taken as they are', async (t) => {
  const { post, events } = await ingesting(t)
  const { status } = await post('/services/collector/raw?sourcetype=log', 'one\ntwo\n', headers)
  assert.equal(status, 200)
  assert.deepEqual(
    events.map(({ record }) => record['event']),
    ['one', 'two'],
  )
})

test('a client of Splunk is told in its own codes what was wrong, and whether there is room', async (t) => {
  const { url, post, events } = await ingesting(t)
  const refusals = [
    ['{"time": 1}', 12, 0],
    ['{"event": "x"}{"event": ""}', 13, 1],
    ['{"event": "x", "fields": 7}', 15, 0],
    ['{"event": "x"', 6, 0],
  ] as const
  for (const [body, code, index] of refusals) {
    const { status, text } = await post('/services/collector/event', body, headers)
    const told = JSON.parse(text) as { readonly code: number; readonly 'invalid-event-number': number }
    assert.deepEqual([status, told.code, told['invalid-event-number']], [400, code, index], text)
  }
  const acks = await post('/services/collector/ack?channel=1', '{"acks":[0]}', headers)
  assert.deepEqual([acks.status, JSON.parse(acks.text)], [400, { text: 'ACK is disabled', code: 14 }])
  assert.deepEqual(events, [])
  const health = await fetch(`${url}/services/collector/health`)
  assert.deepEqual([health.status, await health.json()], [200, { text: 'HEC is healthy', code: 17 }])
})
