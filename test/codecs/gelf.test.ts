import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { test } from 'node:test'
import fc from 'fast-check'
import gelf from '../../codecs/gelf/index.js'
import { framerOf, ParseError } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { records } from '../support/arbitraries.js'
import { codecOf, codecsOf, parsedOf, recordsOf, textOf } from '../support/codec.js'

const body =
  '{"version":"1.1","host":"gw","short_message":"link \\"up\\" }{","timestamp":1385053862.3072,"level":1,"_user_id":9001,"_host":"x"}' +
  '{"short_message":"","full_message":"a\\nb","_a":"1","a":2}\r\n{"short_message":"x","timestamp":"0.5"}'

codecContract('gelf', {
  create: codecsOf(gelf),
  stream: body,
  records: [
    { host: 'gw', short_message: 'link "up" }{', level: 1, user_id: 9001, _host: 'x' },
    { short_message: '', full_message: 'a\nb', _a: '1', a: 2 },
    { short_message: 'x' },
  ],
  garbage: [
    'text',
    '[{"short_message":"x"}]',
    '{"short_message":"x"',
    '{"host":"gw"}',
    '{"short_message":5}',
    '{"short_message":"x","timestamp":"soon"}',
    '{"short_message":"x","timestamp":-1}',
  ],
  oversize: `{"short_message":"${'x'.repeat(250)}"}`,
  written: [
    [{ host: 'gw', short_message: 'ü "up"\n', full_message: 'all', level: 4, n: -1.5, text: 'x', big: 2n ** 60n }],
    [
      { message: 'x', host: 'gw', yes: true, none: null, list: [1, 'a'], map: { a: 1, b: { c: 'd' } }, 'odd name!': 1 },
      { host: 'gw', short_message: 'x', yes: 'true', list: '[1,"a"]', map_a: 1, map_b_c: 'd', odd_name_: 1 },
    ],
    [
      { host: 'gw', id: 5, level: 'loud', nan: Number.NaN },
      { host: 'gw', short_message: '{"host":"gw","id":5,"level":"loud","nan":null}', _id: 5, _level: 'loud' },
    ],
  ],
  times: {},
  precision: 240,
})

test('messages that end with null bytes are read, as over TCP', () => {
  const messages = '{"short_message":"a"}\0{"short_message":"b"}\0'
  const expected = [{ short_message: 'a' }, { short_message: 'b' }]
  assert.deepEqual(recordsOf(codecOf(gelf), messages), expected)
  for (let at = 1; at < messages.length; at++) {
    const framer = framerOf('json', { maxFrame: 100, onOversize: () => assert.fail() })
    const pieces = [messages.slice(0, at), messages.slice(at)].map((piece) => Buffer.from(piece))
    const frames = [
      ...pieces.flatMap((piece) => [...framer.push(piece)].map((frame) => Buffer.from(frame))),
      ...framer.end(),
    ]
    assert.deepEqual(
      frames.flatMap((frame) => recordsOf(codecOf(gelf), frame)),
      expected,
      `split at ${at}`,
    )
  }
})

test('the time is exact to the nanosecond as text, and to a quarter of a microsecond as a number', () => {
  const times = ['1385053862.3072', '"4294967295.9999999999"', '0'].map(
    (time) => parsedOf(codecOf(gelf), `{"short_message":"x","timestamp":${time}}`)[0]?.time,
  )
  assert.deepEqual(times, [
    { seconds: 1_385_053_862, nanoseconds: 307_200_000 },
    { seconds: 4_294_967_295, nanoseconds: 999_999_999 },
    { seconds: 0, nanoseconds: 0 },
  ])
})

test('the first message that is wrong is told by its index', () => {
  const read = (): unknown => parsedOf(codecOf(gelf), '{"short_message":"x"}{"short_message":null}')
  const message = 'gelf: event 1: expected a short_message as text, got null'
  assert.throws(read, { index: 1, code: 'CODEC_GELF', message })
  assert.throws(() => parsedOf(codecOf(gelf), '{"short_message":"x"}{"a":}'), ParseError)
})

test('a message has what the specification asks for', () => {
  assert.equal(
    textOf(codecOf(gelf, { tag_key: 'tag' }), [{ msg: 'up', level: 'Error', bus: 'can0' }]),
    `{"timestamp":1700000000.0,"version":"1.1","host":"${hostname()}","short_message":"up","level":3,"_tag":"test","_bus":"can0"}\n`,
  )
})

test('the options name the host and the fields that have a meaning', () => {
  const codec = codecOf(gelf, {
    host: 'gateway',
    gelf_short_message_key: 'text',
    gelf_level_key: 'severity',
    gelf_host_key: 'device',
  })
  const rows = textOf(codec, [
    { text: 'a', severity: 7 },
    { device: 'd', message: 'x', severity: '8' },
  ]).split('\n')
  assert.deepEqual(JSON.parse(rows[0] ?? ''), {
    timestamp: 1_700_000_000,
    version: '1.1',
    host: 'gateway',
    short_message: 'a',
    level: 7,
  })
  assert.deepEqual(JSON.parse(rows[1] ?? ''), {
    timestamp: 1_700_000_000,
    version: '1.1',
    host: 'd',
    short_message: '{"device":"d","message":"x","severity":"8"}',
    _message: 'x',
    _severity: '8',
  })
})

test('whatever a record holds, its message is one line of texts and numbers', () => {
  const codec = codecOf(gelf)
  fc.assert(
    fc.property(records, (record) => {
      const lines = textOf(codec, [record]).split('\n')
      assert.equal(lines.length, 2)
      const message = JSON.parse(lines[0] ?? '') as { readonly [name: string]: unknown }
      assert.ok(typeof message['short_message'] === 'string' && message['short_message'] !== '')
      for (const [name, value] of Object.entries(message)) {
        assert.match(name, /^[\w.-]+$/)
        assert.notEqual(name, '_id')
        assert.ok(typeof value === 'string' || typeof value === 'number', name)
      }
    }),
  )
})
