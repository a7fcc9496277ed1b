import assert from 'node:assert/strict'
import { test } from 'node:test'
import bulk from '../../codecs/elasticsearch_bulk/index.js'
import { bulkActions, ParseError } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, codecsOf, parsedOf, recordsOf, textOf } from '../support/codec.js'

const body = `{"index":{"_index":"logs","_id":"1"}}
{"@timestamp":"2026-11-23T21:03:00.123456789Z","message":"ü","n":{"a":[1,null]}}

{ "create" : {} }\r
{"@timestamp":1700000000123,"big":18446744073709551615}\r
{"create":{"_index":"logs","_id":7,"pipeline":"p"}}
{"@timestamp":"2026-11-23","a":1}
`

codecContract('elasticsearch_bulk', {
  create: codecsOf(bulk),
  stream: body,
  records: [{ message: 'ü', n: { a: [1, null] } }, { big: 2n ** 64n - 1n }, { a: 1 }],
  garbage: [
    '{}',
    'index',
    '[]',
    '{"index":{}}',
    '{"index":{}}\n',
    '{"index":1}\n{}\n',
    '{"index":{},"create":{}}\n{}\n',
    '{"put":{}}\n{}\n',
    '{"index":{}}\n[]\n',
    '{"index":{}}\n\n',
    '{"index":{}}\n{"a":}\n',
    '{"delete":{"_id":"1"}}\n',
    '{"update":{"_id":"1"}}\n{"doc":{"a":1}}\n',
  ],
  oversize: 'x'.repeat(1000),
  written: [[{ message: 'ü"\n', n: { a: [1, null], big: 2n ** 64n - 1n } }], [{}], [{ index: 'Logs', _id: '1' }]],
  times: {},
  precision: 0,
})

codecContract('elasticsearch_bulk with index and id of the record', {
  create: codecsOf(bulk, { index: '$index', index_key: 'index', id_key: '_id' }),
  stream: body,
  records: [
    { message: 'ü', n: { a: [1, null] }, index: 'logs', _id: '1' },
    { big: 2n ** 64n - 1n },
    { a: 1, index: 'logs', _id: '7' },
  ],
  garbage: ['{}'],
  oversize: 'x'.repeat(1000),
  written: [[{ index: 'logs', _id: 'a"b' }], [{ index: 'My Logs' }, { index: 'my_logs' }]],
  refused: [{ _id: '1' }, { index: '' }, { index: '_-+' }, { index: { a: 1 } }],
  times: {},
  precision: 0,
})

test('the index has the date of the event and what the event has, in the letters that an index may have', () => {
  const codec = codecOf(bulk, { index: "Logs-$TAG[0]-$['site']-%Y.%m.%d", op_type: 'index', tag_key: 'tag' })
  assert.equal(
    textOf(codec, [{ site: 'A/B' }, { tag: 'own', '@timestamp': 5 }]),
    '{"index":{"_index":"logs-test-a_b-2023.11.14"}}\n' +
      '{"@timestamp":"2023-11-14T22:13:20.000000000Z","tag":"test","site":"A/B"}\n' +
      '{"index":{"_index":"logs-test--2023.11.14"}}\n' +
      '{"tag":"own","@timestamp":5}\n',
  )
})

test('an id made of the content is the same for every retry, and another for another event', () => {
  const codec = codecOf(bulk, { generate_id: true, id_key: 'id' })
  const idsOf = (): unknown[] => {
    const text = textOf(codec, [{ a: 1 }, { a: 2 }, { id: 7 }, { a: 1 }])
    return [...bulkActions(Buffer.from(text))].map(({ id }) => id)
  }
  const [first, second, own, again] = idsOf()
  assert.match(String(first), /^[\w-]{27}$/)
  assert.notEqual(first, second)
  assert.deepEqual([own, again], ['7', first])
  assert.deepEqual(idsOf(), [first, second, own, again])
})

test('a date that is none of strftime is refused when the codec is made', () => {
  assert.throws(() => codecOf(bulk, { index: 'logs-%Q' }), { code: 'EVENT_DATE' })
})

test('index and id of the action are put where the options say', () => {
  const codec = codecOf(bulk, { index_key: 'index', id_key: '_id', default_index: 'from-path' })
  assert.deepEqual(
    recordsOf(codec, body).map(({ index, _id }) => [index, _id]),
    [
      ['logs', '1'],
      ['from-path', undefined],
      ['logs', '7'],
    ],
  )
})

test('the @timestamp is the time, to the nanosecond, and a document without one has none', () => {
  const times = [
    ['"2026-11-23T21:03:00.123456789Z"', { seconds: 1_795_467_780, nanoseconds: 123_456_789 }],
    ['"2026-11-23T21:03:00,5+02:00"', { seconds: 1_795_460_580, nanoseconds: 500_000_000 }],
    ['"2026-11-23T21:03-0330"', { seconds: 1_795_480_380, nanoseconds: 0 }],
    ['"2024-02-29 00:00:00"', { seconds: 1_709_164_800, nanoseconds: 0 }],
    ['"1970-01-01"', { seconds: 0, nanoseconds: 0 }],
    ['1700000000123', { seconds: 1_700_000_000, nanoseconds: 123_000_000 }],
    ['"1700000000123.456789"', { seconds: 1_700_000_000, nanoseconds: 123_456_789 }],
    ['5', { seconds: 0, nanoseconds: 5_000_000 }],
  ] as const
  const codec = codecOf(bulk)
  for (const [text, time] of times) {
    const [parsed] = parsedOf(codec, `{"index":{}}\n{"@timestamp":${text}}\n`)
    assert.deepEqual(parsed, { record: {}, time }, text)
  }
  assert.deepEqual(parsedOf(codec, '{"index":{}}\n{"a":1}'), [{ record: { a: 1 } }])
})

test('a @timestamp that is none is refused', () => {
  const codec = codecOf(bulk)
  for (const text of [
    '"soon"',
    '"2026-02-30"',
    '"2026-13-01"',
    '"2026-11-23T24:00Z"',
    '"2026"',
    '-5',
    'null',
    '{}',
    '""',
  ]) {
    assert.throws(() => parsedOf(codec, `{"index":{}}\n{"@timestamp":${text}}\n`), ParseError, text)
  }
})

test('what is wrong is told with its index, its line, what was expected and what came', () => {
  const rows = [
    ['[1]', 1, 'elasticsearch_bulk: event 1, line 4: expected a document that is an object, got [1]'],
    [
      '{}\n{"delete":{}}',
      2,
      'elasticsearch_bulk: event 2, line 5: expected an action "create" or "index", got "delete"',
    ],
    [
      '{}\n{"find":{}}',
      2,
      'bulk: event 2, line 5: expected an action, one of create, delete, index, update, got "find"',
    ],
    ['{}\n{"index":{}}', 2, 'bulk: event 2, line 5: expected a document behind "index", got the end'],
  ] as const
  for (const [end, index, message] of rows) {
    assert.throws(() => parsedOf(codecOf(bulk), `{"index":{}}\n{}\n{"create":{}}\n${end}`), { index, message })
  }
})

test('each action of a request is a request of its own, which tells what it is about', () => {
  const frame = Buffer.from(`\n{"delete":{"_index":"a","_id":"x"}}\n${body}{"update":{"_id":"1"}}\n{}`)
  const actions = [...bulkActions(frame)]
  assert.deepEqual(
    actions.map(({ operation, index, id, line }) => [operation, index, id, line]),
    [
      ['delete', 'a', 'x', 2],
      ['index', 'logs', '1', 3],
      ['create', undefined, undefined, 6],
      ['create', 'logs', '7', 8],
      ['update', undefined, '1', 10],
    ],
  )
  const codec = codecOf(bulk)
  const alone = actions.slice(1, 4).flatMap((action) => parsedOf(codec, action.body))
  assert.deepEqual(alone, parsedOf(codec, body))
  assert.equal(Buffer.from(actions[0]?.body ?? []).toString(), '{"delete":{"_index":"a","_id":"x"}}\n')
  assert.throws(() => parsedOf(codec, actions[4]?.body ?? ''), ParseError)
})

test('a key that names no field is told when the codec is made', () => {
  for (const option of ['index_key', 'id_key']) {
    assert.throws(() => codecOf(bulk, { [option]: '$a[' }), {
      code: 'PLUGIN_FIELD',
      message: `${option}: expected the name of a field, got "$a["`,
    })
  }
})
