import assert from 'node:assert/strict'
import { test } from 'node:test'
import influxdb from '../../outputs/influxdb/index.js'
import { PartialError } from '../../src/plugin/errors.js'
import { batchOf } from '../support/batch.js'
import { failure, forever, status } from '../support/http-output.js'
import { HttpDestination } from '../support/http-destination.js'
import { startInfluxd } from '../support/influxd.js'
import { optionsOf } from '../support/options.js'
import { RecordingOutputContext } from '../support/output-context.js'
import { peer } from '../support/peers.js'
import { delivered, sending } from '../support/preset-pair.js'

const time = { seconds: 1_700_000_000, nanoseconds: 123_456_789 }

async function query(url: string, q: string): Promise<unknown> {
  const answer = await fetch(`${url}/query?${new URLSearchParams({ db: 'db', q, epoch: 'ns' }).toString()}`)
  const { results } = (await answer.json()) as { results: { series?: { columns: string[]; values: unknown[][] }[] }[] }
  return results[0]?.series?.map(({ columns, values }) => ({ columns, values }))
}

test('InfluxDB answers queries with the events that an agent wrote', { skip: peer('influxd').skip }, async (t) => {
  const url = await startInfluxd(t)
  const port = Number(new URL(url).port)
  const { push } = await sending(t, { name: 'influxdb', port, database: 'db', tag_keys: 'site', compress: 'gzip' })
  await Promise.all([
    push({ tag: 'weather', record: { site: 'no rth', t: 21.5, note: 'a "q"' }, time }),
    push({ tag: 'weather', record: { site: 'south', t: 22, ok: true }, time: { ...time, seconds: 1_700_000_001 } }),
  ])
  assert.deepEqual(await query(url, 'SELECT * FROM weather'), [
    {
      columns: ['time', 'note', 'ok', 'site', 't'],
      values: [
        [1_700_000_000_123_456_800, 'a "q"', null, 'no rth', 21.5],
        [1_700_000_001_123_456_800, null, true, 'south', 22],
      ],
    },
  ])
})

test('of points that InfluxDB refuses, these alone are given up', { skip: peer('influxd').skip }, async (t) => {
  const url = await startInfluxd(t)
  const port = Number(new URL(url).port)
  const { push, agent } = await sending(t, { name: 'influxdb', port, database: 'db' })
  await push({ tag: 'm', record: { t: 1 }, time })
  const values = [2, 'text', 3, 4]
  await Promise.allSettled(
    values.map((value, at) =>
      push({ tag: 'm', record: { t: value }, time: { ...time, seconds: time.seconds + 1 + at } }),
    ),
  )
  const { delivered: taken, dropped } = agent.ledger.outputs['influxdb.0'] ?? {}
  assert.deepEqual([taken, dropped], [4, { refused: 1 }])
  const [series] = (await query(url, 'SELECT t FROM m')) as { values: [number, number][] }[]
  assert.deepEqual(
    series?.values.map(([, value]) => value),
    [1, 2, 3, 4],
  )
})

test('what is written for InfluxDB 2 is read as it was by an agent that serves its API', async (t) => {
  const sent = [
    { tag: 'm', record: { measurement: 'weather', tags: { room: 'a,b' }, fields: { t: 21.5, note: 'x' } }, time },
    { tag: 'load', record: { one: 0.5, none: null }, time },
  ]
  const output = { name: 'influxdb', bucket: 'b 1', org: 'o', http_token: 'secret' }
  const events = await delivered(t, { sent, output })
  assert.deepEqual(
    events.map(({ time: at, record }) => ({ time: at, record })),
    [
      { time, record: { measurement: 'weather', tags: { room: 'a,b' }, fields: { note: 'x', t: 21.5 } } },
      { time, record: { measurement: 'load', tags: {}, fields: { one: 0.5 } } },
    ],
  )
})

test('requests name what is written to, as the version has it', async (t) => {
  const server = await new HttpDestination().listen()
  t.after(() => server.close())
  server.answer = status(204)
  const { port } = server
  for (const output of [
    { database: 'a&b', retention_policy: 'week', precision: 'us', http_user: 'me', http_passwd: 'pass' },
    { bucket: 'b', org: 'o$x', http_token: 'secret', precision: 'us' },
  ]) {
    const { push } = await sending(t, { name: 'influxdb', port, ...output })
    await push({ tag: 'm', record: { v: 1 }, time })
  }
  assert.deepEqual(
    server.requests.map(({ url, headers, body }) => [url, headers.authorization, body.toString()]),
    [
      ['/write?db=a%26b&rp=week&precision=u', 'Basic bWU6cGFzcw==', 'm v=1 1700000000123456\n'],
      ['/api/v2/write?org=o%24x&bucket=b&precision=us', 'Token secret', 'm v=1 1700000000123456\n'],
    ],
  )
})

test('an event without a field is refused before anything is sent', async (t) => {
  const server = await new HttpDestination().listen()
  t.after(() => server.close())
  const output = await influxdb.create(optionsOf(influxdb, { port: server.port }), new RecordingOutputContext())
  t.after(() => output.close?.())
  const error = await failure(output.flush(batchOf([{ record: { none: null } }]), forever))
  assert.ok(error instanceof PartialError)
  assert.deepEqual([...error.rejected], [[0, 'no field']])
  assert.deepEqual(server.requests, [])
})

test('a token beside other credentials is told when the output is made', () => {
  const raw = { http_token: 'a', bearer_token: 'b' }
  assert.throws(() => influxdb.create(optionsOf(influxdb, raw), new RecordingOutputContext()), {
    code: 'HTTP_CREDENTIALS',
  })
})
