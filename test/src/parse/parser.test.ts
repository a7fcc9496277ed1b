import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRecord } from '../../../src/event/event.js'
import { createParser, type ParserOptions } from '../../../src/parse/parser.js'
import type { Codec, Parsed } from '../../../src/plugin/index.js'
import { parserDefaults } from '../../support/parser-options.js'

const frame = new Uint8Array()
const clock = { wall: () => 0 }
const time = { seconds: 1700000000, nanoseconds: 5 }

function parse(parsed: Parsed, options: Partial<ParserOptions>, codec: Partial<Codec> = {}): Parsed | undefined {
  const parser = createParser(
    { framing: 'lines', parse: () => [parsed], ...codec },
    { ...parserDefaults, ...options },
    clock,
  )
  return [...parser.parse(frame)][0]
}

const record = (fields: EventRecord): Parsed => ({ record: fields })

test('a parser without options gives what the codec gives', () => {
  const parsed = { record: { a: '' }, time }
  assert.equal(parse(parsed, {}), parsed)
})

test('the time field becomes the time of the event', () => {
  const parsed = parse(record({ t: '1700000000.000000005', a: 1 }), { time_key: 't' })
  assert.deepEqual(parsed, { record: { a: 1 }, time })
})

test('the time field stays when it is to be kept', () => {
  const parsed = parse(record({ t: 1700000000 }), { time_key: 't', time_keep: true })
  assert.deepEqual(parsed, { record: { t: 1700000000 }, time: { seconds: 1700000000, nanoseconds: 0 } })
})

test('a record without the time field has the time of the codec, or none', () => {
  assert.deepEqual(parse({ record: { a: 1 }, time }, { time_key: 't' }), { record: { a: 1 }, time })
  assert.deepEqual(parse(record({ a: 1 }), { time_key: 't' }), { record: { a: 1 } })
})

test('a wrong time is an error that names the field and the text', () => {
  assert.throws(() => parse(record({ t: 'soon' }), { time_key: 't' }), { code: 'PARSE_TIME', message: /^t: .*"soon"$/ })
})

test('a wrong time stays in the record when times are not strict', () => {
  assert.deepEqual(parse(record({ t: 'soon' }), { time_key: 't', time_strict: false }), { record: { t: 'soon' } })
})

test('one wrong record of a frame refuses all of it, and is told by its index', () => {
  const codec: Codec = { framing: 'lines', parse: () => [record({ t: 1 }), record({ t: 'soon' })] }
  const parser = createParser(codec, { ...parserDefaults, time_key: 't' }, clock)
  assert.throws(() => parser.parse(frame), { code: 'PARSE_TIME', index: 1 })
})

test('types are cast, and what does not fit stays as it is', () => {
  const types = [
    'i:integer big:integer',
    'f:float',
    'b:bool',
    'h:hex',
    's:string',
    'x:integer',
    'y:float,z:bool',
    'n:integer',
  ]
  const fields = {
    i: ' -12',
    big: '9007199254740993',
    f: '1.5e3',
    b: 'TRUE',
    h: '0xfF',
    s: 12,
    x: '1.5',
    y: 'fast',
    z: '1',
    n: null,
  }
  assert.deepEqual(parse(record(fields), { types }), {
    record: { i: -12, big: 9007199254740993n, f: 1500, b: true, h: 255, s: '12', x: '1.5', y: 'fast', z: '1', n: null },
  })
})

test('a type that is none, or has no field, is refused when the parser is made', () => {
  for (const types of [['a:number'], ['a'], [':integer'], ['a:constructor']]) {
    assert.throws(() => parse(record({}), { types }), { code: 'PARSE_UNKNOWN_TYPE' })
  }
})

test('empty values of formats that know text alone are left out, unless they are to be kept', () => {
  const fields = { a: '', b: 'x', c: 0 }
  assert.deepEqual(parse(record(fields), {}, { textFields: true }), { record: { b: 'x', c: 0 } })
  assert.deepEqual(parse(record(fields), { skip_empty_values: false }, { textFields: true }), { record: fields })
  assert.deepEqual(parse(record(fields), {}), { record: fields })
})

test('a field may have any name', () => {
  const fields: EventRecord = JSON.parse('{"__proto__":"1","constructor":"2"}')
  const parsed = parse(record(fields), { types: ['__proto__:integer'] })
  assert.equal(JSON.stringify(parsed?.record), '{"__proto__":1,"constructor":"2"}')
})

test('a codec that only formats makes no parser', () => {
  assert.throws(() => createParser({ framing: 'lines' }, parserDefaults, clock), { code: 'PARSE_FORMAT_ONLY' })
})
