import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import type { Value } from '../../../src/event/event.js'
import { JsonParser } from '../../../src/event/json-parser.js'
import { readJson } from '../../../src/event/json-reader.js'

const read = (text: string): Value => readJson(Buffer.from(text))
const parse = (text: string): Value => new JsonParser(Buffer.from(text)).parse()

/** What came of it; every way to say no is the same. */
function outcome(run: () => unknown): unknown {
  try {
    return { value: run() }
  } catch {
    return 'refused'
  }
}

const accepted: readonly string[] = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '12',
    '-12.5',
    '1e3',
    '1E+3',
    '1.5e-3',
    '1e400',
    '9007199254740991',
    '0.1234567890123456789',
  ],
  ...['""', '"a"', '"é😀"', '"\\u00e9\\ud83d\\ude00"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\u007f"', '"\u2028"'],
  ...[
    '[]',
    '[ ]',
    '{}',
    '{ }',
    '[1,[2,{"a":[]}]]',
    ' \t\r\n[ 1 , 2 ] \n',
    '{"a":1,"b":{"c":null}}',
    '{"a":1,"b":2,"a":3}',
  ],
  ...['{"__proto__":1}', '{"__proto__":{"a":1},"constructor":2}', '{"":0}', '[[[[[]]]]]'],
]
const refused: readonly string[] = [
  ...[
    '',
    ' ',
    'nul',
    'nulls',
    'True',
    'undefined',
    'NaN',
    'Infinity',
    '-',
    '+1',
    '01',
    '1.',
    '.5',
    '1e',
    '1e+',
    '0x1',
    '--1',
    '- 1',
  ],
  ...['"', '"a', '"\\', '"\\x"', '"\\u12"', '"\\u12g4"', '"\n"', '"\t"', "'a'", '"a" "b"', '1 2'],
  ...[
    '[',
    ']',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1}',
    '{',
    '}',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '{a:1}',
    '{"a" 1}',
    '{1:2}',
    '{,}',
  ],
  ...['\ufeff1', '\u00a01', '1\u0000', '// a\n1', '[1]]'],
]

describe('readJson', () => {
  for (const text of accepted) {
    test(`reads ${JSON.stringify(text)} as JSON.parse does, on both of its ways`, () => {
      assert.deepEqual(read(text), JSON.parse(text))
      assert.deepEqual(parse(text), JSON.parse(text))
    })
  }

  for (const text of refused) {
    test(`refuses ${JSON.stringify(text)} as JSON.parse does, on both of its ways`, () => {
      assert.throws(() => JSON.parse(text) as unknown, SyntaxError)
      assert.throws(() => read(text), { code: 'EVENT_NOT_JSON' })
      assert.throws(() => parse(text), { code: 'EVENT_NOT_JSON' })
    })
  }

  test('takes and makes of any text what JSON.parse does', () => {
    const json = fc.json({ maxDepth: 5 })
    const damaged = fc
      .tuple(json, fc.nat(), fc.constantFrom('', '"', '\\', ',', ':', '0', 'e', '-', '[', '}', '\n', 'u'))
      .map(([text, at, put]) => {
        const index = at % (text.length + 1)
        return text.slice(0, index) + put + text.slice(index + 1)
      })
    const texts = fc.oneof(json, damaged).filter((text) => !/\d{16}|\\u[dD]|[\ud800-\udfff]/.test(text))
    fc.assert(
      fc.property(texts, (text) => {
        const expected = outcome(() => JSON.parse(text) as unknown)
        assert.deepEqual(
          outcome(() => read(text)),
          expected,
        )
        assert.deepEqual(
          outcome(() => parse(text)),
          expected,
        )
      }),
      { numRuns: 500 },
    )
  })

  const long: readonly (readonly [string, Value])[] = [
    ['9007199254740992', 2n ** 53n],
    ['-9007199254740993', -(2n ** 53n) - 1n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['1234567890123456.0', 1234567890123456],
    ['1234567890123456e3', 1234567890123456e3],
    ['{"a":[9007199254740993]}', { a: [9007199254740993n] }],
    ['"12345678901234567890"', '12345678901234567890'],
  ]
  for (const [text, value] of long) {
    test(`keeps all digits of ${text}`, () => assert.deepEqual(read(text), value))
  }

  const surrogates: readonly (readonly [string, string])[] = [
    [String.raw`"\ud800"`, '\ufffd'],
    [String.raw`"a\udc00b"`, 'a\ufffdb'],
    [String.raw`"\ude00\ud83d"`, '\ufffd\ufffd'],
    [String.raw`"\ud83d\ude00"`, '😀'],
    [String.raw`"\uD83D\uDE00"`, '😀'],
    [String.raw`"\ud7ff"`, '\ud7ff'],
  ]
  for (const [text, value] of surrogates) {
    test(`reads the surrogates of ${text}`, () => assert.equal(read(text), value))
  }

  test('repairs surrogates in names too', () => {
    assert.deepEqual(read(String.raw`{"\ud800":1}`), { '\ufffd': 1 })
  })

  test('refuses bytes that are no UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
    ]) {
      assert.throws(() => readJson(Uint8Array.from(bytes)), { code: 'EVENT_NOT_JSON' })
    }
  })

  test('keeps a field named __proto__ as a field', () => {
    for (const text of ['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":9007199254740993}}']) {
      const record = read(text) as object
      assert.deepEqual(Object.keys(record), ['__proto__'])
      assert.equal('polluted' in record, false)
    }
  })

  test('reads 64 maps and lists in one another, and no more', () => {
    assert.doesNotThrow(() => read('['.repeat(64) + ']'.repeat(64)))
    assert.throws(() => read('['.repeat(65) + ']'.repeat(65)), { code: 'EVENT_TOO_DEEP' })
    assert.throws(() => read('[{"a":'.repeat(100_000)), { code: 'EVENT_TOO_DEEP' })
    assert.deepEqual(read(JSON.stringify('['.repeat(1000))), '['.repeat(1000))
  })

  test('says where the text is wrong', () => {
    assert.throws(() => read('{"a": tru}'), { message: 'json: expected a value at byte 6, got "tru}"' })
    assert.throws(() => read('[1'), { message: 'json: expected a comma or the end of the list at byte 2, got the end' })
  })

  test('leaves the bytes outside its view alone', () => {
    const bytes = Buffer.from('xx{"a":1}yy')
    assert.deepEqual(readJson(bytes.subarray(2, 9)), { a: 1 })
  })
})
