import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from '@msgpack/msgpack'
import msgpack from '../../codecs/msgpack/index.js'
import { batchOf } from '../support/batch.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, recordsOf } from '../support/codec.js'

const eventTime = Buffer.from([0xd7, 0x00, 0x65, 0x53, 0xf1, 0x00, 0x07, 0x5b, 0xcd, 0x15])
const timedEntry = Buffer.concat([Buffer.of(0x92), eventTime, encode({ d: 4 })])

codecContract('msgpack', {
  create: () => codecOf(msgpack),
  stream: Buffer.concat([
    encode({ a: 1, n: { l: [null, true, 'ü'] } }),
    encode([1700000000, { b: 2 }]),
    encode([[1700000000.5, { meta: 1 }], { c: 3 }]),
    timedEntry,
    encode({ big: 2n ** 64n - 1n }, { useBigInt64: true }),
  ]),
  records: [{ a: 1, n: { l: [null, true, 'ü'] } }, { b: 2 }, { c: 3 }, { d: 4 }, { big: 2n ** 64n - 1n }],
  garbage: [
    encode(1),
    encode('text'),
    encode([1]),
    encode([1, 2]),
    encode(['x', {}]),
    Uint8Array.of(0xc1),
    Uint8Array.of(0x81, 0xa1),
  ],
  oversize: encode({ a: 'x'.repeat(60) }),
  written: [
    [{ a: 'text', n: 1.5, t: true, z: null, bytes: new Uint8Array([0, 255]) }],
    [{ big: 2n ** 64n - 1n, small: -(2n ** 63n), nan: Number.NaN, inf: -Infinity, map: { l: [1] } }],
  ],
  times: {},
  precision: 0,
})

test('the time beside a record is its time', () => {
  const times = Array.from(codecOf(msgpack).parse?.(timedEntry) ?? [], ({ time }) => time)
  assert.deepEqual(times, [{ seconds: 1_700_000_000, nanoseconds: 123_456_789 }])
})

test('text that is not UTF-8 has a sign in its place', () => {
  assert.deepEqual(recordsOf(codecOf(msgpack), Uint8Array.of(0x81, 0xa1, 0x61, 0xa1, 0xff)), [{ a: '\ufffd' }])
})

test('the entries of a chunk are written as they are, not copied', () => {
  const { chunks } = batchOf([{ record: { a: 1 } }])
  assert.equal(codecOf(msgpack).formatter?.format(chunks), chunks[0]?.entries)
})
