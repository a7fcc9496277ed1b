import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { decode, decodeMulti, ExtensionCodec } from '@msgpack/msgpack'
import fc from 'fast-check'

import { EntryWriter } from '../../../src/event/entry-writer.js'
import type { EventRecord, Value } from '../../../src/event/event.js'
import { records, times, values } from '../../support/arbitraries.js'
import { entryOf, valueBytes } from '../../support/entries.js'

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** What the reference decoder makes of the extension of event times. */
const extensionCodec = new ExtensionCodec()
extensionCodec.register({ type: 0, encode: () => null, decode: (data) => hexOf(data) })
const reference = { extensionCodec, useBigInt64: false }

/** The reference knows integers beyond 2^53 only as bigints for all 64-bit ones. */
function normal(value: unknown): unknown {
  if (typeof value === 'bigint' && value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER)
    return Number(value)
  if (Array.isArray(value)) return value.map(normal)
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, normal(field)]))
}

describe('EntryWriter', () => {
  test('begins an entry with an array of two and an EventTime', () => {
    assert.equal(hexOf(entryOf({}, 0x01020304, 0x05060708)), '92d700010203040506070880')
  })

  test('writes times that an EventTime cannot say as the nearest that it can', () => {
    assert.equal(hexOf(entryOf({}, -1, 0)), '92d700000000000000000080')
    assert.equal(hexOf(entryOf({}, 2 ** 40, 0)), '92d700ffffffff0000000080')
  })

  test('keeps its buffer for what comes, but not one that something huge made large', () => {
    const writer = new EntryWriter()
    const capacityAfter = (bytes: number): number => {
      writer.append(new Uint8Array(bytes))
      writer.clear()
      writer.append(Uint8Array.of(1))
      const capacity = writer.peek().buffer.byteLength
      writer.clear()
      return capacity
    }
    assert.ok(capacityAfter(200_000) >= 200_000)
    assert.ok(capacityAfter(3_000_000) < 200_000)
  })

  const encodings: readonly (readonly [Value, string])[] = [
    [null, 'c0'],
    [true, 'c3'],
    [false, 'c2'],
    [0, '00'],
    [-0, '00'],
    [127, '7f'],
    [128, 'cc80'],
    [255, 'ccff'],
    [256, 'cd0100'],
    [65_535, 'cdffff'],
    [65_536, 'ce00010000'],
    [2 ** 31, 'ce80000000'],
    [2 ** 32 - 1, 'ceffffffff'],
    [2 ** 32, 'cf0000000100000000'],
    [Number.MAX_SAFE_INTEGER, 'cf001fffffffffffff'],
    [-1, 'ff'],
    [-32, 'e0'],
    [-33, 'd0df'],
    [-128, 'd080'],
    [-129, 'd1ff7f'],
    [-32_768, 'd18000'],
    [-32_769, 'd2ffff7fff'],
    [-(2 ** 31), 'd280000000'],
    [-(2 ** 31) - 1, 'd3ffffffff7fffffff'],
    [Number.MIN_SAFE_INTEGER, 'd3ffe0000000000001'],
    [5n, '05'],
    [2n ** 64n - 1n, 'cfffffffffffffffff'],
    [-(2n ** 63n), 'd38000000000000000'],
    [2n ** 64n, `b4${Buffer.from('18446744073709551616').toString('hex')}`],
    [1.5, 'cb3ff8000000000000'],
    [2 ** 53, 'cb4340000000000000'],
    [Number.NaN, 'cb7ff8000000000000'],
    [Number.NEGATIVE_INFINITY, 'cbfff0000000000000'],
    ['', 'a0'],
    ['a', 'a161'],
    ['é', 'a2c3a9'],
    ['x'.repeat(31), `bf${'78'.repeat(31)}`],
    ['x'.repeat(32), `d920${'78'.repeat(32)}`],
    ['é'.repeat(16), `d920${'c3a9'.repeat(16)}`],
    ['é'.repeat(31), `d93e${'c3a9'.repeat(31)}`],
    ['é'.repeat(128), `da0100${'c3a9'.repeat(128)}`],
    ['€'.repeat(30_000), `db00015f90${'e282ac'.repeat(30_000)}`],
    ['a\ud800b', 'a561efbfbd62'],
    [`${'x'.repeat(50)}\udc00`, `d935${'78'.repeat(50)}efbfbd`],
    [new Uint8Array([1, 2]), 'c4020102'],
    [new Uint8Array(256), `c50100${'00'.repeat(256)}`],
    [new Uint8Array(65_536), `c600010000${'00'.repeat(65_536)}`],
    [[1, [2]], '92019102'],
    [Array<number>(16).fill(0), `dc0010${'00'.repeat(16)}`],
    [{ a: { b: [] } }, '81a16181a16290'],
  ]
  for (const [value, expected] of encodings) {
    const shown =
      value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(normal(value) ?? null, shownBigInt)
    test(`writes ${shown.slice(0, 40)} as ${expected.slice(0, 12)}`, () => {
      assert.equal(hexOf(valueBytes(value)), expected)
    })
  }

  test('gives maps of any size the shortest header that fits', () => {
    const sizes: readonly (readonly [number, string])[] = [
      [15, '8f'],
      [16, 'de0010'],
      [65_535, 'deffff'],
      [65_536, 'df00010000'],
    ]
    for (const [size, header] of sizes) {
      const record = Object.fromEntries(Array.from({ length: size }, (_none, index) => [`k${index}`, index]))
      const bytes = valueBytes(record)
      assert.equal(hexOf(bytes.subarray(0, header.length / 2)), header)
      assert.deepEqual(decode(bytes), record)
    }
  })

  test('leaves undefined fields out, and writes null for what is no value', () => {
    const odd = { a: undefined, b: Symbol('b'), c: () => 1, d: [undefined] } as unknown as EventRecord
    assert.equal(hexOf(valueBytes(odd)), '83a162c0a163c0a16491c0')
  })

  test('writes own fields alone, and those of any name', () => {
    const record = Object.create({ inherited: 1 }) as Record<string, Value>
    Object.defineProperty(record, '__proto__', { value: 7, enumerable: true })
    assert.equal(hexOf(valueBytes(record)), '81a95f5f70726f746f5f5f07')
  })

  test('is as it was when a record cannot be written', () => {
    const writer = new EntryWriter(16)
    writer.writeEvent(1, 2, { a: 1 })
    const before = hexOf(writer.peek())
    const endless: Record<string, Value> = { text: 'x'.repeat(100) }
    endless['again'] = endless
    assert.throws(() => writer.writeEvent(3, 4, endless), { code: 'EVENT_TOO_DEEP' })
    assert.equal(hexOf(writer.peek()), before)
  })

  test('takes 64 maps and lists in one another, and no more', () => {
    const nested = (depth: number): EventRecord => (depth === 1 ? {} : { a: depth === 2 ? [] : nested(depth - 1) })
    assert.doesNotThrow(() => entryOf(nested(64)))
    assert.throws(() => entryOf(nested(65)), { code: 'EVENT_TOO_DEEP' })
  })

  test('hands its buffer over when that is mostly full, and a copy when it is not', () => {
    const writer = new EntryWriter(1000)
    writer.append(new Uint8Array(100).fill(7))
    const copy = writer.take()
    assert.equal(copy.length, 100)
    assert.equal(copy.buffer.byteLength, 100)
    assert.equal(writer.capacity, 1000)
    assert.equal(writer.size, 0)
    writer.append(new Uint8Array(900).fill(9))
    const whole = writer.take()
    assert.equal(whole.length, 900)
    assert.equal(whole.buffer.byteLength, 1000)
    assert.equal(writer.capacity, 0)
    writer.append(new Uint8Array(10))
    assert.ok(copy.every((byte) => byte === 7) && whole.every((byte) => byte === 9))
  })

  test('writes raw bytes as text, and takes back what was written last', () => {
    const writer = new EntryWriter(8)
    writer.writeEntryHeader(1, 2)
    writer.writeMapHeader(1)
    writer.writeString('log')
    const { size } = writer
    writer.writeBytesAsString(Buffer.from('wrong'))
    writer.rewind(size)
    writer.writeBytesAsString(Buffer.from('xx a line yy'), 3, 9)
    assert.equal(hexOf(writer.take()), hexOf(entryOf({ log: 'a line' }, 1, 2)))
  })

  test('writes what the reference implementation reads back', () => {
    fc.assert(
      fc.property(values, (value) => {
        assert.deepEqual(normal(decode(valueBytes(value), { useBigInt64: true })), normal(value))
      }),
    )
  })

  test('writes lists of entries that the reference implementation reads back', () => {
    const events = fc.array(fc.tuple(times, records), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(events, fc.nat(64), (list, initialBytes) => {
        const writer = new EntryWriter(initialBytes)
        for (const [{ seconds, nanoseconds }, record] of list) writer.writeEvent(seconds, nanoseconds, record)
        const read = [...decodeMulti(writer.take(), { ...reference, useBigInt64: true })]
        const time = (at: number): string => at.toString(16).padStart(8, '0')
        assert.deepEqual(
          normal(read),
          list.map(([at, record]) => [`${time(at.seconds)}${time(at.nanoseconds)}`, normal(record)]),
        )
      }),
      { numRuns: 50 },
    )
  })
})

function shownBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
