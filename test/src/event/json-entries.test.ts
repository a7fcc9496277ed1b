import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readEvents } from '../../../src/event/entry-reader.js'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import type { Value } from '../../../src/event/event.js'
import { JsonEntries } from '../../../src/event/json-entries.js'
import { byObjects, refused, written } from '../../support/json-outcomes.js'

const time = { seconds: 1_795_467_780, nanoseconds: 123_456_789 }
const writer = new EntryWriter()
const entries = new JsonEntries(writer)

const text = (body: string | Uint8Array): number => entries.writeText(Buffer.from(body), time)
const lines = (body: string | Uint8Array): number => entries.writeLines(Buffer.from(body), time)

/** What can be read of what a body was made. */
function events(write: () => number): unknown[] {
  writer.clear()
  const count = write()
  const read = Array.from(readEvents({ tag: 'test', entries: writer.peek(), count }))
  assert.equal(read.length, count)
  return read.map((event) => [event.time, event.record])
}

describe('JsonEntries', () => {
  const own = { seconds: 5, nanoseconds: 250_000_000 }
  const shapes: readonly (readonly [string, readonly unknown[]])[] = [
    ['{"a":1}', [[time, { a: 1 }]]],
    [' { } ', [[time, {}]]],
    ['[]', []],
    [
      '[{"a":1},{"b":2}]',
      [
        [time, { a: 1 }],
        [time, { b: 2 }],
      ],
    ],
    ['[5.25,{"a":1}]', [[own, { a: 1 }]]],
    ['[[5.25,{"m":1}],{"a":1}]', [[own, { a: 1 }]]],
    [
      '[[5.25,{"a":1}],[5.25,{"b":1}]]',
      [
        [own, { a: 1 }],
        [own, { b: 1 }],
      ],
    ],
    [
      '[[5.25,{"a":1}],{"b":2},{}]',
      [
        [own, { a: 1 }],
        [time, { b: 2 }],
        [time, {}],
      ],
    ],
    [
      '[[[5.25,{"m":1}],{"a":1}],{"b":2}]',
      [
        [own, { a: 1 }],
        [time, { b: 2 }],
      ],
    ],
    [
      '[{"b":2},[5.25,{"a":1}]]',
      [
        [time, { b: 2 }],
        [own, { a: 1 }],
      ],
    ],
  ]
  for (const [body, expected] of shapes) {
    test(`finds the events of ${body}`, () => {
      assert.deepEqual(
        events(() => text(body)),
        expected,
      )
      assert.deepEqual(
        events(() => lines(body)),
        expected,
      )
    })
  }

  test('finds the events of lines, and none in lines of blanks', () => {
    const body = '{"a":1}\r\n\n \t\r\n[{"a":2},{"a":3}]\n[5.25,{"a":4}]'
    const expected = [1, 2, 3].map((a) => [time, { a }])
    assert.deepEqual(
      events(() => lines(body)),
      [...expected, [own, { a: 4 }]],
    )
    assert.deepEqual(
      events(() => lines('\n \r\n')),
      [],
    )
    assert.deepEqual(
      events(() => lines('')),
      [],
    )
  })

  const values: readonly (readonly [string, Value])[] = [
    ['[-0,1.0,1e2]', [0, 1, 100]],
    ['-12.5e-1', -1.25],
    ['0.1', 0.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['0.00000000000000000000000123', 1.23e-24],
    ['1e400', Infinity],
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740992', 2n ** 53n],
    ['-9007199254740993', -(2n ** 53n) - 1n],
    ['9223372036854775808', 2n ** 63n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['-9223372036854775809', '-9223372036854775809'],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['18446744073709551616', '18446744073709551616'],
    ['1000000000000000000000000000000', '1000000000000000000000000000000'],
    ['null', null],
    ['[true,false,[]]', [true, false, []]],
    ['{"1":1,"b":{},"0":2}', { 0: 2, 1: 1, b: {} }],
    ['{"a":1,"b":2,"a":3}', { a: 3, b: 2 }],
    [String.raw`"\"\\\/\b\f\n\r\t\u00e9\u20AC"`, '"\\/\b\f\n\r\té€'],
    [String.raw`"\ud83d\ude00 \ud83d \ude00"`, '😀 \ufffd \ufffd'],
    [String.raw`"\ude00\ude00\ud83d\ud83d\ude00"`, '\ufffd\ufffd\ufffd😀'],
    [`"${'é'.repeat(40_000)}"`, 'é'.repeat(40_000)],
    [JSON.stringify('\n'.repeat(300)), '\n'.repeat(300)],
  ]
  for (const [json, value] of values) {
    test(`reads ${json.slice(0, 40)}`, () => {
      assert.deepEqual(
        events(() => text(`{"v":${json}}`)),
        [[time, { v: value }]],
      )
    })
  }

  test('writes keys in the order of an object, whatever their order in the text', () => {
    for (const record of ['{"b":1,"1":2,"0":3}', '{"b":1,"a":2,"b":3}', '{"\\u0031":1,"x":{"2":1,"1":2}}']) {
      const expected = byObjects([Buffer.from(record)], time)
      assert.deepEqual(
        written(writer, () => text(record)),
        expected,
      )
    }
  })

  test('sees that a key comes again, whatever the maps before had', () => {
    const maps = ['{"a":1,"b":2,"x":3}', ...new Array<string>(40).fill('{"a":1,"x":3}'), '{"a":1,"b":2,"x":3,"x":4}']
    const all = maps.map((map) => `{"m":${map}}`).concat(maps)
    const body = Buffer.from(`[${all.join(',')}]`)
    const fresh = new JsonEntries(writer)
    assert.deepEqual(
      written(writer, () => fresh.writeText(body, time)),
      byObjects([body], time),
    )
  })

  test('takes __proto__ for a name like any other', () => {
    assert.deepEqual(
      events(() => text('{"__proto__":{"polluted":1}}')),
      [[time, JSON.parse('{"__proto__":{"polluted":1}}') as unknown]],
    )
    assert.equal('polluted' in {}, false)
  })
})

describe('JsonEntries refuses', () => {
  const numbers = ['01', '-01', '1.', '.5', '+1', '-', '--1', '1e', '1e+', '0x1', 'NaN', 'Infinity', '1_0']
  const strings = [String.raw`"\u12"`, String.raw`"\u12g4"`, String.raw`"\x"`, '"\\', '"\n"', '"\u0000"', "'a'", '"a']
  const others = [
    '',
    'nul',
    'True',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1}',
    '{"a":1,}',
    '{"a"}',
    '{1:2}',
    '{,}',
    '1 2',
    '\ufeff1',
  ]
  for (const value of [...numbers, ...strings, ...others]) {
    test(`${JSON.stringify(value)} for a value`, () => {
      assert.throws(() => text(`{"a":${value}}`), { code: 'EVENT_NOT_JSON' })
    })
  }

  const bodies = [
    '',
    ' ',
    '{',
    '{"a":1',
    '{"a":1}}',
    '{"a":1} {"a":1}',
    '[{},',
    '[{},]',
    '\ufeff{}',
    '{}\u0000',
    '[5,{}',
    '[[5,{}],',
  ]
  for (const body of bodies) {
    test(`${JSON.stringify(body)}, which is not one JSON text`, () => {
      assert.throws(() => text(body), { code: 'EVENT_NOT_JSON' })
    })
  }

  test('every control character in a string, wherever it stands', () => {
    for (let code = 0; code < 0x20; code++) {
      for (const before of ['', 'a', 'abc', 'abcdef', 'x'.repeat(50), '\\n']) {
        const body = `{"a":"${before}${String.fromCharCode(code)}bcdefgh"}`
        assert.throws(() => text(body), { code: 'EVENT_NOT_JSON' }, JSON.stringify(body))
      }
    }
  })

  const bytes = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]
  for (const wrong of bytes) {
    test(`the bytes ${Buffer.from(wrong).toString('hex')}, which are no UTF-8, and tells where they are`, () => {
      const body = Buffer.concat([Buffer.from('[{"a":"é"},{"b":"'), Buffer.from(wrong), Buffer.from('"}]')])
      assert.throws(() => text(body), { code: 'EVENT_NOT_JSON', index: 1, offset: 18 })
      assert.throws(() => text(Buffer.concat([Buffer.from('{}'), Buffer.from(wrong)])), {
        code: 'EVENT_NOT_JSON',
        offset: 2,
      })
    })
  }

  for (const body of [
    'null',
    '1',
    '"a"',
    'true',
    '[1]',
    '[{},1]',
    '[1,2]',
    '[-1,{}]',
    '[4294967296,{}]',
    '["5",{}]',
    '[[]]',
    '[5,{},{}]',
    '[[5,6],{}]',
    '[[[5,{}],{}],{},[5]]',
    '[[5,{},1],{}]',
    '[12345678901234567890,{}]',
  ]) {
    test(`${body}, which has more than records in it`, () => {
      assert.throws(() => text(body), { code: 'EVENT_NO_RECORD' })
    })
  }

  test('more than 64 maps and lists in one another', () => {
    const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    assert.equal(text(nested(64)), 1)
    assert.equal(text(`[${nested(63)}]`), 1)
    assert.throws(() => text(nested(65)), { code: 'EVENT_TOO_DEEP' })
    assert.throws(() => text(`[${nested(64)}]`), { code: 'EVENT_TOO_DEEP' })
    assert.throws(() => text('[{"a":'.repeat(100_000)), { code: 'EVENT_TOO_DEEP' })
  })

  const places: readonly (readonly [string, number, number, string])[] = [
    ['{"a": tru}', 0, 6, 'event 0: json: expected a value at byte 6, got "tru}"'],
    ['[{},{},{"a" 1}]', 2, 12, 'event 2: json: expected a colon at byte 12, got "1}]"'],
    ['[{},7]', 1, 4, 'event 1: json: expected an object, or a pair of a time and an object, got a number'],
    ['[{}', 1, 3, 'event 1: json: expected a comma or the end of the list at byte 3, got the end'],
  ]
  for (const [body, index, offset, message] of places) {
    test(`${body} and tells which event is wrong, and where`, () => {
      assert.throws(() => text(body), { name: 'JsonEntryError', index, offset, message })
    })
  }

  test('a line and tells which event is wrong, and where', () => {
    assert.throws(() => lines('{"a":1}\n\n{"a":\n2}\n'), { code: 'EVENT_NOT_JSON', index: 1, offset: 14 })
    assert.throws(() => lines('{"a":1} {"a":2}\n'), { code: 'EVENT_NOT_JSON', index: 1, offset: 8 })
    assert.throws(() => lines('{}\n[{},3]\n'), { code: 'EVENT_NO_RECORD', index: 2, offset: 7 })
  })

  test('a line feed inside a line, though it was white space in a text before', () => {
    const body = '{"a"\n:1}'
    for (let times = 0; times < 40; times++) assert.equal(text(body), 1)
    assert.throws(() => lines(body), { code: 'EVENT_NOT_JSON', offset: 4 })
  })

  test('all of a body, so that nothing of it stays, and takes the next one', () => {
    for (const body of ['[{"a":1},{"b":2},{"c":]', '[{"a":1},2]', '{"a":[[[1,2,{"b"']) {
      assert.equal(
        written(writer, () => text(body)),
        refused,
      )
      assert.deepEqual(
        events(() => text('{"a":1}')),
        [[time, { a: 1 }]],
      )
    }
  })
})
