import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uncompress } from 'snappyjs'
import remoteWrite from '../../codecs/prometheus_remote_write/index.js'
import type { EventRecord, Refuse } from '../../src/plugin/index.js'
import { batchOf } from '../support/batch.js'
import { codecOf, parsedOf } from '../support/codec.js'
import { inside, label, packed, sample } from '../support/remote-write.js'

test('a series has its labels in the order of their names, and its samples in that of their times', () => {
  const body = written({ labels: { zone: 'z', bus: '$bus' }, metric: 'can.$bus' }, [
    [2, { bus: 'c0', rpm: 900 }],
    [1, { bus: 'c0', rpm: 800, note: 'x' }],
  ])
  const expected = packed(
    inside(1, label('__name__', 'can_c0_rpm'), label('bus', 'c0'), label('zone', 'z'), sample(800, 1), sample(900, 2)),
  )
  assert.deepEqual(Buffer.from(uncompress(body)), Buffer.from(uncompress(expected)))
})

test('one more sample of a series and a millisecond is refused, unless it is the same', () => {
  const told: unknown[] = []
  const rows = [
    [1, { a: 1, b: 1 }],
    [1, { a: 2, b: 2 }],
    [1, { a: 1 }],
    [1, { a: 5, c: 5 }],
    [2, { a: 5 }],
  ] as const
  const body = written({}, rows, (index) => told.push(index))
  assert.deepEqual(told, [1])
  assert.deepEqual(
    parsedOf(codecOf(remoteWrite), body).map(({ record: { name, value } }) => [name, value]),
    [
      ['test_a', 1],
      ['test_a', 5],
      ['test_b', 1],
      ['test_c', 5],
    ],
  )
})

test('a native histogram that was read is written as it was', () => {
  const shared = {
    name: 'rpc',
    labels: { code: '200' },
    type: 'histogram',
    sum: 12.5,
    schema: -1,
    zero_threshold: 0.001,
  }
  const spans = [
    { offset: 2, length: 2 },
    { offset: -1, length: 1 },
  ]
  const histograms = [
    { ...shared, count: 9, zero_count: 2, positive: { spans, counts: [1, 3, 2] }, reset_hint: 'no' },
    { ...shared, count: 9.5, zero_count: 2, negative: { spans, counts: [1, 3.5, 2] }, reset_hint: 'gauge' },
    {
      ...shared,
      schema: -53,
      count: 2n ** 60n,
      zero_count: 0,
      positive: { spans, counts: [2n ** 60n, 0, 0] },
      custom_values: [1, 2.5],
    },
    { name: 'rpc', labels: { code: '200' }, type: 'histogram', stale: true },
  ]
  const body = written(
    {},
    histograms.map((record, index) => [index, record]),
  )
  assert.deepEqual(
    parsedOf(codecOf(remoteWrite), body).map(({ record }) => record),
    histograms,
  )
})

test('version 2.0 is only read', () => {
  assert.equal(codecOf(remoteWrite, { proto: 'io.prometheus.write.v2.Request' }).formatter, undefined)
})

/** What is written of these records, each at a millisecond. */
function written(
  options: { readonly [name: string]: unknown },
  rows: readonly (readonly [millisecond: number, record: EventRecord])[],
  refuse?: Refuse,
): Uint8Array {
  const { formatter } = codecOf(remoteWrite, options)
  assert.ok(formatter)
  const samples = rows.map(([millisecond, record]) => ({ nanoseconds: millisecond * 1e6, record }))
  return formatter.format(batchOf(samples).chunks, refuse)
}
