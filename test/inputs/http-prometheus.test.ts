import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PbfWriter } from 'pbf'
import { compress } from 'snappyjs'

import { HttpDestination } from '../support/http-destination.js'
import { ingesting } from '../support/http-ingest.js'
import { peer } from '../support/peers.js'
import { Prometheus } from '../support/prometheus.js'

test('a real Prometheus writes what it scrapes', { skip: peer('prometheus').skip }, async (t) => {
  const board = await new HttpDestination().listen()
  t.after(() => board.close())
  board.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('temperature{sensor="a"} 41.5\n')
  }
  let given = (): void => undefined
  const isGiven = new Promise<void>((resolve) => (given = resolve))
  const { url, events, agent } = await ingesting(t, { input: { tag: 'metrics' }, deliver: () => given() })
  const prometheus = await Prometheus.start({ scrape: board.port, writeUrl: `${url}/api/v1/write` })
  t.after(() => prometheus.end())
  await isGiven
  await prometheus.end()
  const { tag, time, record } = events.find((event) => event.record['name'] === 'temperature') ?? assert.fail()
  const labels = { instance: `127.0.0.1:${board.port}`, job: 'board', sensor: 'a', site: 'north' }
  assert.deepEqual([tag, record], ['metrics', { name: 'temperature', labels, value: 41.5 }])
  assert.ok(Math.abs(time.seconds * 1000 - Date.now()) < 60_000)
  const { refused_invalid, refused_unknown_encoding } = agent.ledger.inputs['http.0']?.counters ?? {}
  assert.deepEqual([refused_invalid, refused_unknown_encoding], [undefined, undefined])
})

const headers = (proto: string): Record<string, string> => ({
  'content-encoding': 'snappy',
  'content-type': `application/x-protobuf;proto=${proto}`,
})

test('a sender of remote write 2.0 is told how many samples and histograms were written', async (t) => {
  const { post, events } = await ingesting(t)
  const { status, headers: told } = await post(
    '/api/v1/write',
    requestOfTwo(),
    headers('io.prometheus.write.v2.Request'),
  )
  assert.equal(status, 204)
  assert.equal(told.get('x-prometheus-remote-write-samples-written'), '2')
  assert.equal(told.get('x-prometheus-remote-write-histograms-written'), '1')
  assert.deepEqual(
    events.map(({ record }) => [record['name'], record['value'] ?? record['count']]),
    [
      ['cpu', 1],
      ['cpu', 2],
      ['cpu', 3],
    ],
  )
})

test('what is refused is told in plain text, which Prometheus logs', async (t) => {
  const { post, events } = await ingesting(t, { input: { max_inflated_size: '1KiB' } })
  const one = headers('prometheus.WriteRequest')
  const refusals = [
    [await post('/api/v1/write', requestOfTwo(), headers('io.prometheus.write.v3.Request')), 415, /write\.v2\.Request/],
    [await post('/api/v1/write', '{}', { ...one, 'content-type': 'application/json' }), 415, /"application\/json"/],
    [await post('/api/v1/write', 'x', one), 400, /snappy: expected/],
    [await post('/api/v1/write', compress(Buffer.alloc(2000)), one), 413, /at most 1024 bytes/],
    [await post('/api/v1/write', 'x', { ...one, 'content-encoding': 'zip' }), 415, /content-encoding: .*"zip"/],
  ] as const
  for (const [answer, status, told] of refusals) {
    assert.equal(answer.status, status)
    assert.match(answer.text, told)
  }
  assert.deepEqual(events, [])
})

/** Two samples and a histogram of one series, by the fields of io.prometheus.write.v2.Request. */
function requestOfTwo(): Uint8Array {
  const request = new PbfWriter()
  for (const symbol of ['', '__name__', 'cpu']) request.writeStringField(4, symbol)
  const sample = (value: number, series: PbfWriter): void => {
    series.writeMessage(
      2,
      (_, pbf) => {
        pbf.writeDoubleField(1, value)
        pbf.writeVarintField(2, 1_700_000_000_000)
      },
      undefined,
    )
  }
  request.writeMessage(
    5,
    (_, series) => {
      series.writePackedVarint(1, [1, 2])
      sample(1, series)
      sample(2, series)
      series.writeMessage(
        3,
        (_histogram, pbf) => {
          pbf.writeVarintField(1, 3)
          pbf.writeVarintField(15, 1_700_000_000_000)
        },
        undefined,
      )
    },
    undefined,
  )
  return compress(request.finish())
}
