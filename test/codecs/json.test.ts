import assert from 'node:assert/strict'
import { test } from 'node:test'
import json from '../../codecs/json/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, recordsOf, textOf } from '../support/codec.js'

const deep = { a: { b: [1, [null, true], { c: 'ü' }] } }

codecContract('json', {
  create: () => codecOf(json),
  stream:
    '{"a":1}{"b":"x\\n"} \n[{"c":null},[1700000000,{"d":[]}]]\n[1700000000.5,{"e":-1.5e3}]{"big":9007199254740993}',
  records: [{ a: 1 }, { b: 'x\n' }, { c: null }, { d: [] }, { e: -1500 }, { big: 9007199254740993n }],
  garbage: [
    '{',
    '}',
    '1',
    'null',
    '"text"',
    '[1]',
    '[[1,2]]',
    '[{},1]',
    '{"a":NaN}',
    "{'a':1}",
    '{"a":1,}',
    '{"a":01}',
    '[-1,{}]',
  ],
  oversize: `{"a":"${'x'.repeat(60)}"}`,
  written: [
    [{ a: 'text "\\\n\u0001', n: 1.5, t: true, z: null }],
    [{ big: 2n ** 64n - 1n, small: -(2n ** 63n), exact: 2 ** 53 - 1 }],
    [deep],
    [
      { nan: Number.NaN, inf: Infinity, bytes: Uint8Array.of(0xff), '': '' },
      { nan: null, inf: null, bytes: '/w==', '': '' },
    ],
  ],
  times: { time_key: 'date' },
  precision: 500,
})

test('a pair has the time beside the record, and metadata beside the time is left out', () => {
  const times = (frame: string): unknown[] =>
    Array.from(codecOf(json).parse?.(Buffer.from(frame)) ?? [], ({ time }) => time)
  assert.deepEqual(times('[1700000000.25,{}]'), [{ seconds: 1700000000, nanoseconds: 250_000_000 }])
  assert.deepEqual(times('[[1700000000,{"m":1}],{}]'), [{ seconds: 1700000000, nanoseconds: 0 }])
  assert.deepEqual(times('[[1,{}],[2,{}],{}]'), [
    { seconds: 1, nanoseconds: 0 },
    { seconds: 2, nanoseconds: 0 },
    undefined,
  ])
  assert.deepEqual(times('[0.0000001,{}]'), [{ seconds: 0, nanoseconds: 100 }])
})

test('an empty list has no records', () => {
  assert.deepEqual(recordsOf(codecOf(json), '[]'), [])
})

test('what is not UTF-8 is refused', () => {
  assert.throws(() => recordsOf(codecOf(json), Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), {
    code: 'EVENT_NOT_JSON',
  })
})

test('a field may have any name', () => {
  const [record] = recordsOf(codecOf(json), '{"__proto__":{"a":1},"constructor":2}')
  assert.deepEqual(Object.keys(record ?? {}), ['__proto__', 'constructor'])
})

test('events are one array, with the date as the user wants it', () => {
  const written = (json_date_format: string, json_date_key: unknown = 'date'): string =>
    textOf(codecOf(json, { json_date_format, json_date_key }), [{ a: 1 }, {}])
  assert.equal(written('double'), '[{"date":1700000000.0,"a":1},{"date":1700000000.0}]')
  assert.equal(written('epoch', '@t'), '[{"@t":1700000000,"a":1},{"@t":1700000000}]')
  assert.equal(written('epoch_ms', false), '[{"a":1},{}]')
  assert.equal(written('iso8601').slice(0, 41), '[{"date":"2023-11-14T22:13:20.000000Z","a')
  assert.equal(written('java_sql_timestamp').slice(0, 40), '[{"date":"2023-11-14 22:13:20.000000","a')
})
