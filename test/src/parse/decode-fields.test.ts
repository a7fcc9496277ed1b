import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRecord } from '../../../src/event/event.js'
import { createParser } from '../../../src/parse/parser.js'
import { fieldDecoder } from '../../../src/parse/decode-fields.js'
import { parserDefaults } from '../../support/parser-options.js'

function decode(record: EventRecord, decode_field_as: readonly string[], decode_field: readonly string[] = []) {
  return fieldDecoder({ decode_field, decode_field_as })?.(record)
}

test('text takes the place of what stands for it', () => {
  const cases: readonly (readonly [rule: string, text: string, expected: unknown])[] = [
    ['json log', '{"a":[1,"b"]}', { a: [1, 'b'] }],
    ['json log', ' [1]', [1]],
    ['json log', '17', '17'],
    ['json log', '{"a":', '{"a":'],
    ['escaped log', String.raw`one\ntwo\t\"three\" \u00e9`, 'one\ntwo\t"three" \\u00e9'],
    ['escaped_utf8 log', String.raw`caf\u00e9 \x41 \101 \ud83d\ude00 \ud83d`, 'café A A 😀 \uFFFD'],
    ['mysql_quoted log', String.raw`'it\'s\n'`, "it's\n"],
    ['mysql_quoted log', 'bare', 'bare'],
  ]
  for (const [rule, log, expected] of cases) assert.deepEqual(decode({ log, n: 1 }, [rule]), { log: expected, n: 1 })
})

test('the fields of an object may be put beside the field', () => {
  const record = { log: '{"level":"warn","n":1}', n: 0 }
  assert.deepEqual(decode(record, [], ['json log']), { log: record.log, n: 1, level: 'warn' })
})

test('one rule is heeded for a field, unless it says that the next one may be', () => {
  const log = String.raw`{"a":"\\n"}`
  assert.deepEqual(decode({ log }, ['escaped log', 'json log']), { log: '{"a":"\\n"}' })
  assert.deepEqual(decode({ log }, ['escaped log do_next', 'json log']), { log: { a: '\n' } })
  assert.deepEqual(decode({ log: 'x\\ty' }, ['json log', 'escaped log']), { log: 'x\\ty' })
  assert.deepEqual(decode({ log: 'x\\ty' }, ['json log try_next', 'escaped log']), { log: 'x\ty' })
  assert.deepEqual(decode({ log: '[1]' }, ['json log try_next', 'escaped log']), { log: [1] })
})

test('fields that are missing or no text stay as they are', () => {
  assert.deepEqual(decode({ n: 1 }, ['json n', 'json log']), { n: 1 })
  assert.equal(fieldDecoder({ decode_field: undefined, decode_field_as: undefined }), undefined)
})

test('fields are decoded before the time is looked for', () => {
  const codec = { framing: 'lines', parse: () => [{ record: { log: '{"time":"1700000000"}' } }] } as const
  const options = { ...parserDefaults, decode_field: ['json log'], time_key: 'time' }
  const [parsed] = createParser(codec, options, { wall: () => 0 }).parse(new Uint8Array())
  assert.equal(parsed?.time?.seconds, 1_700_000_000)
})

test('rules of another form are refused', () => {
  for (const rule of ['yaml log', 'json', 'json log again', 'json log do_next more'])
    assert.throws(() => decode({}, [rule]), { code: 'PARSE_DECODER', message: /^decode_field_as: expected/ })
  assert.throws(() => decode({}, [], ['escaped log']), { code: 'PARSE_DECODER', message: /^decode_field: expected/ })
})
