import assert from 'node:assert/strict'
import { test } from 'node:test'

import { HttpError, InfluxDB, Point } from '@influxdata/influxdb-client'

import type { Event } from '../../src/event/event.js'
import { ingesting } from '../support/http-ingest.js'

const units = ['ns', 'us', 'ms', 's'] as const
const perSecond = { ns: 1e9, us: 1e6, ms: 1e3, s: 1 }

for (const unit of units) {
  test(`the client of InfluxDB writes points whose times are in ${unit}`, async (t) => {
    const { url, events, agent } = await ingesting(t, { input: { tag: 'points' } })
    const api = new InfluxDB({ url, token: 'any' }).getWriteApi('org', 'bucket', unit, { gzipThreshold: 0 })
    const at = 1_700_000_000n * BigInt(perSecond[unit])
    api.useDefaultTags({ site: 'no rth' })
    api.writePoint(
      new Point('weather').tag('room', 'a,b').floatField('t', 21.5).intField('n', -3).timestamp(String(at)),
    )
    api.writePoint(new Point('weather').stringField('note', 'a "q"\nü').booleanField('ok', true).timestamp(String(at)))
    await api.close()
    const common = { tag: 'points', time: { seconds: 1_700_000_000, nanoseconds: 0 } }
    assert.deepEqual(plain(events), [
      {
        ...common,
        record: { measurement: 'weather', tags: { room: 'a,b', site: 'no rth' }, fields: { n: -3, t: 21.5 } },
      },
      {
        ...common,
        record: { measurement: 'weather', tags: { site: 'no rth' }, fields: { note: 'a "q"\nü', ok: true } },
      },
    ])
    assert.deepEqual(agent.ledger.inputs['http.0']?.counters, {})
  })
}

function plain(events: readonly Event[]): unknown {
  return events.map(({ tag, time, record }) => ({ tag, time, record }))
}

test('the client of InfluxDB learns why a line was refused', async (t) => {
  const { url, events } = await ingesting(t)
  let refusal: unknown
  const writeFailed = (error: Error): Promise<void> => {
    refusal = error
    return Promise.resolve()
  }
  const api = new InfluxDB({ url }).getWriteApi('org', 'bucket', 's', { maxRetries: 0, writeFailed })
  api.writeRecord('weather t=1 1700000000')
  api.writeRecord('weather t=')
  await api.close()
  assert.ok(refusal instanceof HttpError)
  assert.deepEqual([refusal.statusCode, refusal.code], [400, 'invalid'])
  assert.match(refusal.message, /event 1/)
  assert.deepEqual(events, [])
})

test('clients of InfluxDB 1 write, and learn which version they talk to', async (t) => {
  const { url, post, events } = await ingesting(t)
  const ping = await fetch(`${url}/ping`)
  assert.equal(ping.status, 204)
  assert.ok(ping.headers.get('x-influxdb-version'))
  const taken = await post('/write?db=d&precision=ms', 'cpu,host=a value=1i 1700000000123\n', {})
  assert.equal(taken.status, 204)
  assert.deepEqual(events[0]?.time, { seconds: 1_700_000_000, nanoseconds: 123_000_000 })
  const refused = await post('/write?precision=weeks', 'cpu value=1', {})
  assert.equal(refused.status, 400)
  assert.match((JSON.parse(refused.text) as { error: string }).error, /precision: expected .* got "weeks"/)
})

test('Telegraf is told that its database was made, which is no event; and events are not lost there', async (t) => {
  const { url, post, agent } = await ingesting(t)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const { status, text } = await post('/query', 'q=CREATE+DATABASE+%22telegraf%22', form)
  assert.deepEqual([status, JSON.parse(text)], [200, { results: [{ statement_id: 0 }] }])
  const asked = await fetch(`${url}/query?q=SHOW+DATABASES`)
  assert.deepEqual([asked.status, await asked.json()], [200, { results: [{ statement_id: 0 }] }])
  assert.equal((await post('/query', '{"a":1}')).status, 400)
  const { accepted, counters } = agent.ledger.inputs['http.0'] ?? assert.fail()
  assert.deepEqual({ accepted, counters }, { accepted: 0, counters: { refused_no_query: 1 } })
})
