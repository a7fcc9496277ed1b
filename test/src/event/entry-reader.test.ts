import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { encode, ExtData } from '@msgpack/msgpack'
import fc from 'fast-check'

import { readEvents } from '../../../src/event/entry-reader.js'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import type { Value } from '../../../src/event/event.js'
import { readValue } from '../../../src/event/msgpack-reader.js'
import { records, times, values } from '../../support/arbitraries.js'
import { encoded, entryOf, valueBytes } from '../../support/entries.js'

const read = (bytes: Uint8Array | readonly number[]): Value => readValue(Uint8Array.from(bytes)).value
const ext = (type: number, size: number): Uint8Array => encode(new ExtData(type, new Uint8Array(size).fill(9)))

describe('readEvents', () => {
  test('gives back what was written, whatever it was', () => {
    const events = fc.array(fc.record({ time: times, record: records }), { maxLength: 5 })
    fc.assert(
      fc.property(events, (list) => {
        const writer = new EntryWriter()
        for (const { time, record } of list) writer.writeEvent(time.seconds, time.nanoseconds, record)
        const found = [...readEvents({ tag: 'a.b', entries: writer.take(), count: list.length })]
        assert.deepEqual(
          found,
          list.map((event) => ({ tag: 'a.b', ...event })),
        )
      }),
      { numRuns: 50 },
    )
  })

  const record = [0x81, 0xa1, 0x61, 0x01]
  const entries: readonly (readonly [string, readonly number[], number, number])[] = [
    ['an EventTime', [0x92, 0xd7, 0x00, 0, 0, 0, 5, 0, 0, 0, 6, ...record], 5, 6],
    ['an EventTime in the long form', [0x92, 0xc7, 0x08, 0x00, 0, 0, 0, 5, 0, 0, 0, 6, ...record], 5, 6],
    ['a small integer time', [0x92, 5, ...record], 5, 0],
    ['a 32 bit integer time', [0x92, 0xce, 0, 0, 1, 0, ...record], 256, 0],
    ['a 64 bit integer time', [0x92, 0xcf, 0, 0, 0, 0, 0, 0, 1, 0, ...record], 256, 0],
    ['a signed integer time', [0x92, 0xd2, 0, 0, 1, 0, ...record], 256, 0],
    ['a float time', [0x92, ...valueBytes(1.5), ...record], 1, 500_000_000],
    ['a 32 bit float time', [0x92, 0xca, 0x3f, 0xc0, 0, 0, ...record], 1, 500_000_000],
    ['metadata', [0x92, 0x92, 0xd7, 0x00, 0, 0, 0, 5, 0, 0, 0, 6, 0x80, ...record], 5, 6],
    ['metadata and an integer time', [0x92, 0x92, 5, 0x81, 0xa1, 0x6d, 0x01, ...record], 5, 0],
    ['a long array header', [0xdc, 0, 2, 5, ...record], 5, 0],
    ['the longest array header', [0xdd, 0, 0, 0, 2, 5, ...record], 5, 0],
    ['too many nanoseconds', [0x92, 0xd7, 0x00, 0, 0, 0, 5, 255, 255, 255, 255, ...record], 5, 999_999_999],
  ]
  for (const [name, bytes, seconds, nanoseconds] of entries) {
    test(`understands an entry with ${name}`, () => {
      const expected = { tag: 'test', time: { seconds, nanoseconds }, record: { a: 1 } }
      assert.deepEqual([...readEvents(encoded([...bytes, ...bytes]))], [expected, expected])
    })
  }

  const broken: readonly (readonly [string, readonly number[]])[] = [
    ['an array of one', [0x91, 5]],
    ['an array of three', [0x93, 5, ...record, 1]],
    ['no array', record],
    ['a negative time', [0x92, 0xff, ...record]],
    ['a time beyond 32 bits', [0x92, 0xcf, 0, 0, 0, 1, 0, 0, 0, 0, ...record]],
    ['a time that is no number', [0x92, ...valueBytes(Number.NaN), ...record]],
    ['text for its time', [0x92, 0xa1, 0x61, ...record]],
    ['another extension for its time', [0x92, 0xd7, 0x01, 0, 0, 0, 5, 0, 0, 0, 6, ...record]],
    ['a long extension for its time', [0x92, 0xc7, 0x09, 0x00, 0, 0, 0, 5, 0, 0, 0, 6, 0, ...record]],
    ['metadata in metadata', [0x92, 0x92, 0x92, 5, 0x80, 0x80, ...record]],
    ['metadata that is no map', [0x92, 0x92, 5, 1, ...record]],
    ['a record that is a list', [0x92, 5, 0x91, 0x01]],
    ['a record that is text', [0x92, 5, 0xa1, 0x61]],
    ['the byte that msgpack never uses', [0x92, 5, 0x81, 0xa1, 0x61, 0xc1]],
    ['a map for a key', [0x92, 5, 0x81, 0x80, 0x01]],
  ]
  for (const [name, bytes] of broken) {
    test(`refuses an entry with ${name}`, () => {
      assert.throws(() => [...readEvents(encoded(bytes))], { code: 'EVENT_CORRUPT' })
    })
  }

  test('tells where the bytes are no entries', () => {
    const whole = entryOf({ a: 1 })
    assert.throws(() => [...readEvents(encoded([...whole, 0xc0]))], {
      code: 'EVENT_CORRUPT',
      message: `entries: expected an array of two at byte ${whole.length}, got 0xc0`,
    })
  })

  test('refuses every truncation', () => {
    const entry = entryOf({
      n: [1, -1, 300, 70_000, 2 ** 40, 1.5, 2n ** 63n],
      t: ['x'.repeat(300), new Uint8Array(9)],
      m: { k: null },
    })
    for (let size = 1; size < entry.length; size++) {
      assert.throws(() => [...readEvents(encoded(entry.subarray(0, size)))], { code: 'EVENT_CORRUPT' }, `${size} bytes`)
    }
    assert.equal([...readEvents(encoded(entry))].length, 1)
  })

  test('refuses bytes at random, or reads them, and ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          for (const event of readEvents(encoded(bytes))) assert.equal(typeof event.record, 'object')
        } catch (error) {
          assert.match((error as { code: string }).code, /^EVENT_(CORRUPT|TOO_DEEP)$/)
        }
      }),
    )
  })
})

describe('readValue', () => {
  test('reads what the reference implementation writes', () => {
    fc.assert(fc.property(values, (value) => assert.deepEqual(read(encode(value, { useBigInt64: true })), value)))
  })

  test('answers where the value ends', () => {
    assert.deepEqual(readValue(Uint8Array.of(1, 0x92, 2, 3, 4), 1), { value: [2, 3], end: 4 })
  })

  const cases: readonly (readonly [string, readonly number[] | Uint8Array, Value])[] = [
    ['the payload of an extension', ext(5, 4), new Uint8Array(4).fill(9)],
    ['the payload of an extension of odd size', ext(5, 3), new Uint8Array(3).fill(9)],
    ['the payload of a long extension', ext(5, 300), new Uint8Array(300).fill(9)],
    ['an unsigned integer beyond 2^53', [0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0], 2n ** 53n],
    ['the largest safe integer', [0xcf, 0, 0x1f, 255, 255, 255, 255, 255, 255], Number.MAX_SAFE_INTEGER],
    ['a small integer of 64 bits', [0xd3, 255, 255, 255, 255, 255, 255, 255, 255], -1],
    ['a float of 32 bits', [0xca, 0x3f, 0xc0, 0, 0], 1.5],
    ['text that is no UTF-8', [0xa3, 0x61, 0xff, 0x62], 'a\ufffdb'],
    ['text of each length', [0x93, 0xd9, 1, 0x61, 0xda, 0, 1, 0x61, 0xdb, 0, 0, 0, 1, 0x61], ['a', 'a', 'a']],
    [
      'keys that are no text',
      [0x86, 1, 0, 0xc0, 0, 0xc3, 0, 0xc4, 1, 0x62, 0, 0xca, 0x3f, 0xc0, 0, 0, 0, 0xd9, 1, 0x61, 0],
      { 1: 0, null: 0, true: 0, b: 0, '1.5': 0, a: 0 },
    ],
    ['the last of two fields of one name', [0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2], { a: 2 }],
  ]
  for (const [name, bytes, expected] of cases) {
    test(`reads ${name}`, () => assert.deepEqual(read(bytes), expected))
  }

  test('keeps a field named __proto__ as a field', () => {
    const record = read(valueBytes(JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as Value)) as object
    assert.deepEqual(Object.keys(record), ['__proto__', 'constructor'])
    assert.equal(Object.getPrototypeOf(record), Object.prototype)
    assert.equal('polluted' in record, false)
  })

  test('gives bytes that stay when the source changes', () => {
    const source = valueBytes(new Uint8Array([1, 2, 3]))
    const { value } = readValue(source)
    source.fill(0)
    assert.deepEqual(value, new Uint8Array([1, 2, 3]))
  })

  test('takes no memory for lengths that lie', () => {
    for (const first of [0xdd, 0xdf, 0xdb, 0xc6, 0xc9]) {
      assert.throws(() => read([first, 255, 255, 255, 255]), { code: 'EVENT_CORRUPT' })
    }
  })

  test('reads 64 maps and lists in one another, and no more', () => {
    assert.doesNotThrow(() => read([...Array<number>(63).fill(0x91), 0x80]))
    assert.throws(() => read([...Array<number>(64).fill(0x91), 0x80]), { code: 'EVENT_TOO_DEEP' })
    assert.throws(() => read(new Uint8Array(1_000_000).fill(0x91)), { code: 'EVENT_TOO_DEEP' })
  })
})
