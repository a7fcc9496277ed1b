import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Framing } from '../../../src/plugin/index.js'
import { bytesOf, cut, type FramingCase as Case } from '../../support/framing.js'

test('msgpack: every format of the specification is stepped over, split anywhere', () => {
  const long = (mark: readonly number[], size: number): Buffer =>
    Buffer.concat([Uint8Array.from(mark), Buffer.alloc(size)])
  const values = [
    ...[0x00, 0x7f, 0xe0, 0xff, 0xc0, 0xc2, 0xc3, 0x80, 0x90, 0xa0].map((mark) => Buffer.of(mark)),
    ...[
      [0xca, 4],
      [0xcb, 8],
      [0xcc, 1],
      [0xcd, 2],
      [0xce, 4],
      [0xcf, 8],
      [0xd0, 1],
      [0xd1, 2],
      [0xd2, 4],
      [0xd3, 8],
    ].map(([mark = 0, size = 0]) => long([mark], size)),
    ...[
      [0xd4, 1],
      [0xd5, 2],
      [0xd6, 4],
      [0xd7, 8],
      [0xd8, 16],
    ].map(([mark = 0, size = 0]) => long([mark, 0], size)),
    ...[long([0xc4, 3], 3), long([0xc5, 0, 3], 3), long([0xc6, 0, 0, 0, 3], 3)],
    ...[long([0xc7, 3, 9], 3), long([0xc8, 0, 3, 9], 3), long([0xc9, 0, 0, 0, 3, 9], 3)],
    ...[long([0xd9, 3], 3), long([0xda, 0, 3], 3), long([0xdb, 0, 0, 0, 3], 3), long([0xbf], 31)],
    ...[
      long([0xdc, 0, 3], 3),
      long([0xdd, 0, 0, 0, 3], 3),
      long([0xde, 0, 3], 6),
      long([0xdf, 0, 0, 0, 3], 6),
      long([0x8f], 30),
      long([0x9f], 15),
    ],
  ]
  const sample: Case = { name: '', framing: 'msgpack', stream: Buffer.concat(values), frames: [] }
  const expected = { frames: values.map((value) => value.toString('hex')), oversize: [] }
  const stream = bytesOf(sample.stream)
  for (let at = 0; at <= stream.length; at++)
    assert.deepEqual(cut(sample, [stream.subarray(0, at), stream.subarray(at)]), expected)
  assert.deepEqual(
    cut(
      sample,
      Array.from(stream, (byte) => Uint8Array.of(byte)),
    ),
    expected,
  )
})

test('whatever the bytes and wherever they are split, the frames are the same', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .string({ unit: fc.constantFrom(...'{}[]"\\\n\r a1,'.split('')), maxLength: 60 })
      .map((text) => Buffer.from(text)),
  )
  const framing = fc.constantFrom<Framing>('lines', 'json', 'msgpack')
  const splits = fc.array(fc.nat(60), { maxLength: 5 })
  fc.assert(
    fc.property(framing, bytes, splits, fc.integer({ min: 1, max: 30 }), (kind, stream, places, maxFrame) => {
      const sample: Case = { name: '', framing: kind, stream, frames: [], maxFrame }
      const ends = [...places.filter((place) => place < stream.length).sort((a, b) => a - b), stream.length]
      const pieces = ends.map((end, index) => stream.subarray(ends[index - 1] ?? 0, end))
      assert.deepEqual(cut(sample, pieces), cut(sample, [stream]))
    }),
    { numRuns: 2000, examples: [['json', Buffer.from('\n\n'), [1], 1]] },
  )
})
