import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import remoteWrite from '../../codecs/prometheus_remote_write/index.js'
import type { EventRecord } from '../../src/plugin/index.js'
import { batchOf } from '../support/batch.js'
import { codecOf } from '../support/codec.js'
import { peer } from '../support/peers.js'
import { startPrometheusStore, storedIn } from '../support/prometheus-store.js'

const second = 1_700_000_000

describe('a real Prometheus', { skip: peer('prometheus').skip }, () => {
  test('stores what the prometheus_remote_write codec writes, and has it when it is asked', async (t) => {
    const url = await startPrometheusStore(t)
    const read = { name: 'temperature', labels: { sensor: 'a', note: 'ü "q"\n' } }
    const records: readonly EventRecord[] = [
      { bus: 'can0', speed: 81.5, running: true, unit: 'km/h' },
      { ...read, value: 41.5 },
      { bus: 'can0', speed: 82, big: 2n ** 60n },
      { ...read, value: Number.NaN },
      { bus: 'can1', 'odd field!': -Infinity },
      { ...read, stale: true },
      {
        name: 'rpc',
        labels: {},
        type: 'histogram',
        count: 9,
        sum: 12.5,
        schema: 1,
        zero_threshold: 0.001,
        zero_count: 3,
        positive: {
          spans: [
            { offset: 2, length: 2 },
            { offset: 1, length: 1 },
          ],
          counts: [1, 3, 2],
        },
      },
    ]
    await write(url, records)
    const stored = Object.fromEntries(
      (await storedIn(url, '{__name__=~".+"}', second + 60)).map(({ metric, values = [], histograms = [] }) => [
        JSON.stringify(metric),
        [
          ...values.map(([at, value]) => [at - second, value]),
          ...histograms.map(([at, { count, sum }]) => [at - second, count, sum]),
        ],
      ]),
    )
    assert.deepEqual(stored, {
      '{"__name__":"can_speed","bus":"can0"}': [
        [0.25, '81.5'],
        [2.25, '82'],
      ],
      '{"__name__":"can_running","bus":"can0"}': [[0.25, '1']],
      '{"__name__":"can_big","bus":"can0"}': [[2.25, '1152921504606847000']],
      '{"__name__":"can_odd_field_","bus":"can1"}': [[4.25, '-Inf']],
      [JSON.stringify({ __name__: 'temperature', note: read.labels.note, sensor: 'a' })]: [
        [1.25, '41.5'],
        [3.25, 'NaN'],
      ],
      '{"__name__":"rpc"}': [[6.25, '9', '12.5']],
    })
  })

  test('takes samples of one series in whatever order their events are', async (t) => {
    const url = await startPrometheusStore(t)
    const { formatter } = codecOf(remoteWrite)
    assert.ok(formatter)
    const samples = [3, 1, 2].map((at) => ({ seconds: second + at, record: { n: at } }))
    await post(url, formatter.format(batchOf(samples).chunks), formatter.headers)
    const [series] = await storedIn(url, 'test_n', second + 60)
    assert.deepEqual(
      series?.values?.map(([, value]) => value),
      ['1', '2', '3'],
    )
  })
})

async function write(url: string, records: readonly EventRecord[]): Promise<void> {
  const { formatter } = codecOf(remoteWrite, { labels: { bus: '$bus' } })
  assert.ok(formatter)
  const samples = records.map((record, index) => ({
    tag: 'can',
    seconds: second + index,
    nanoseconds: 250_999_999,
    record,
  }))
  await post(url, formatter.format(batchOf(samples).chunks), {
    ...formatter.headers,
    'content-type': formatter.contentType,
  })
}

async function post(url: string, body: Uint8Array, headers: { readonly [name: string]: string } = {}): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, { method: 'POST', body: new Uint8Array(body), headers })
  assert.equal(response.status, 204, await response.text())
}
