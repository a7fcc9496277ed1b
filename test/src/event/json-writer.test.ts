import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { EntryWriter } from '../../../src/event/entry-writer.js'
import type { EventRecord, Value } from '../../../src/event/event.js'
import type { JsonDateFormat } from '../../../src/event/json-date.js'
import { readJson } from '../../../src/event/json-reader.js'
import { type JsonOptions, toJson, writeJson } from '../../../src/event/json-writer.js'
import { records, values } from '../../support/arbitraries.js'
import { encoded, entryOf } from '../../support/entries.js'

const plain: JsonOptions = { dateKey: false, dateFormat: 'double', shape: 'lines' }

function lineOf(record: EventRecord, options: Partial<JsonOptions> = {}, seconds = 0, nanoseconds = 0): string {
  const chunk = encoded(entryOf(record, seconds, nanoseconds))
  return Buffer.from(writeJson([chunk], { ...plain, ...options })).toString()
}

/** What JSON makes of a value: it has no word for some, and large whole numbers look like integers there. */
function shown(value: Value): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return null
  if (typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(String(value)))
    return BigInt(String(value))
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(shown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value as EventRecord).map(([key, field]) => [key, shown(field)]))
}

describe('writeJson', () => {
  test('writes what JSON.stringify does', () => {
    const withoutBigInts = (value: Value): Value => readJson(Buffer.from(toJson(value).replaceAll(/\d{16,}/g, '1')))
    fc.assert(
      fc.property(records, (record) => {
        const common = withoutBigInts(record) as EventRecord
        assert.equal(lineOf(common), `${JSON.stringify(common)}\n`)
      }),
    )
  })

  const dates: readonly (readonly [JsonDateFormat, number, number, string])[] = [
    ['double', 1_795_467_780, 123_456_789, '1795467780.123456789'],
    ['double', 1_795_467_780, 120_000_000, '1795467780.12'],
    ['double', 1_795_467_780, 0, '1795467780.0'],
    ['double', 0, 5, '0.000000005'],
    ['iso8601', 1_795_467_780, 123_456_789, '"2026-11-23T21:03:00.123456Z"'],
    ['iso8601', 1_795_467_780, 0, '"2026-11-23T21:03:00.000000Z"'],
    ['java_sql_timestamp', 1_795_467_780, 1_999, '"2026-11-23 21:03:00.000001"'],
    ['epoch', 1_795_467_780, 999_999_999, '1795467780'],
    ['epoch_ms', 1_795_467_780, 999_999_999, '1795467780999'],
    ['epoch_ms', 0, 7_000_000, '7'],
  ]
  for (const [dateFormat, seconds, nanoseconds, expected] of dates) {
    test(`writes ${expected} for a time as ${dateFormat}, before all other fields`, () => {
      const options = { dateKey: 'date', dateFormat }
      assert.equal(lineOf({ a: 1 }, options, seconds, nanoseconds), `{"date":${expected},"a":1}\n`)
      assert.equal(lineOf({}, options, seconds, nanoseconds), `{"date":${expected}}\n`)
    })
  }

  test('quotes the name of the time as JSON wants it', () => {
    assert.equal(lineOf({}, { dateKey: 'a "b"\n', dateFormat: 'epoch' }), '{"a \\"b\\"\\n":0}\n')
  })

  test('writes the events of all chunks in each shape', () => {
    const two = encoded(Buffer.concat([entryOf({ a: 1 }), entryOf({ b: 2 })]))
    const chunks = [two, encoded([]), encoded(entryOf({ c: 3 }))]
    const text = (shape: JsonOptions['shape']): string => Buffer.from(writeJson(chunks, { ...plain, shape })).toString()
    assert.equal(text('lines'), '{"a":1}\n{"b":2}\n{"c":3}\n')
    assert.equal(text('array'), '[{"a":1},{"b":2},{"c":3}]')
    assert.equal(text('stream'), '{"a":1}{"b":2}{"c":3}')
    assert.equal(Buffer.from(writeJson([], { ...plain, shape: 'array' })).toString(), '[]')
  })

  test('writes events of other senders, whatever their keys', () => {
    const entry = [
      0x92, 5, 0x83, 1, 0xca, 0x3f, 0xc0, 0, 0, 0xc0, 0xd7, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xd9, 1, 0x22, 0xa1, 0xff,
    ]
    assert.equal(
      Buffer.from(writeJson([encoded(entry)], plain)).toString(),
      '{"1":1.5,"null":"AQIDBAUGBwg=","\\"":"\ufffd"}\n',
    )
  })

  test('refuses every truncation', () => {
    const entry = entryOf({ n: [1, 300, 1.5], t: ['x'.repeat(300), new Uint8Array(9)], m: { k: null } })
    for (let size = 1; size < entry.length; size++) {
      assert.throws(
        () => writeJson([encoded(entry.subarray(0, size))], plain),
        { code: 'EVENT_CORRUPT' },
        `${size} bytes`,
      )
    }
  })

  test('refuses what is nested without end', () => {
    const nested = [0x92, 5, 0x81, 0xa1, 0x61, ...Array<number>(100).fill(0x91)]
    assert.throws(() => writeJson([encoded(nested)], plain), { code: 'EVENT_TOO_DEEP' })
  })
})

describe('toJson', () => {
  test('writes what can be read again', () => {
    fc.assert(fc.property(values, (value) => assert.deepEqual(readJson(Buffer.from(toJson(value))), shown(value))))
  })

  const cases: readonly (readonly [Value, string])[] = [
    [Number.NaN, 'null'],
    [Number.POSITIVE_INFINITY, 'null'],
    [2n ** 64n - 1n, '18446744073709551615'],
    [-(2n ** 63n), '-9223372036854775808'],
    [2 ** 53, '9007199254740992'],
    [1e21, '1e+21'],
    [-7, '-7'],
    [2_147_483_647, '2147483647'],
    [new Uint8Array([1, 2, 3]), '"AQID"'],
    [
      '\u0000\u001f\u007f\b\t\n\f\r"\\/é\u2028😀',
      String.raw`"\u0000\u001f` + '\u007f' + String.raw`\b\t\n\f\r\"\\/é` + '\u2028😀"',
    ],
    ['x'.repeat(100), `"${'x'.repeat(100)}"`],
  ]
  for (const [value, expected] of cases) {
    test(`writes ${expected.slice(0, 40)}`, () => assert.equal(toJson(value), expected))
  }
})

test('JSON of a value that was written piece by piece is that of the whole', () => {
  const writer = new EntryWriter()
  writer.writeEntryHeader(0, 0)
  writer.writeMapHeader(2)
  writer.writeString('list')
  writer.writeArrayHeader(2)
  writer.writeNumber(1)
  writer.writeValue(null)
  writer.writeString('text')
  writer.writeBytesAsString(Buffer.from('é'))
  assert.equal(Buffer.from(writeJson([encoded(writer.take())], plain)).toString(), '{"list":[1,null],"text":"é"}\n')
})
