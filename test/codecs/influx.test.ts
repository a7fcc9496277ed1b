import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import influx from '../../codecs/influx/index.js'
import { ParseError, PermanentError } from '../../src/plugin/index.js'
import { codecContract } from '../contract/codec.js'
import { batchOf } from '../support/batch.js'
import { codecOf, codecsOf, parsedOf, recordsOf, textOf } from '../support/codec.js'

codecContract('influx', {
  create: codecsOf(influx, { keep_types: true }),
  stream: [
    '# a comment',
    'weather,location=us-midwest,season=summer temperature=82,humidity=71i 1465839830100400200',
    '',
    '  \tm\\,\\ 1,t\\=\\ \\,k=v\\=\\ \\,x f\\ =-1.5e-3,b=T,s="a \\"b\\" \\\\ \\n, c=d" \r',
    'big i=-9223372036854775808i,u=18446744073709551615u',
    '',
  ].join('\n'),
  records: [
    {
      measurement: 'weather',
      tags: { location: 'us-midwest', season: 'summer' },
      fields: { temperature: 82, humidity: 71 },
      types: { humidity: 'i' },
    },
    {
      measurement: 'm, 1',
      tags: { 't= ,k': 'v= ,x' },
      fields: { 'f ': -0.0015, b: true, s: 'a "b" \\ \\n, c=d' },
    },
    { measurement: 'big', tags: {}, fields: { i: -(2n ** 63n), u: 2n ** 64n - 1n }, types: { i: 'i', u: 'u' } },
  ],
  garbage: ['m', 'm ', 'm,t f=1', 'm,t= f=1', 'm f=', 'm f=1i2', 'm f="x', 'm f=1 x', 'm f=1 1 1', ',t=1 f=1', 'm =1'],
  oversize: `m f="${'x'.repeat(200)}"\n`,
  written: [
    [
      {
        measurement: 'm, "=#',
        tags: { 'a b': 'c,d=e\\f' },
        fields: { text: '"q" \\ ü', yes: true, whole: 1, part: 0.5, exact: 2n ** 53n + 1n, n: 3 },
        types: { exact: 'i', n: 'u' },
      },
    ],
    [
      { host: 'a', load: 2, none: null, nan: Number.NaN, list: [1, 'x'], most: 2n ** 64n - 1n },
      {
        measurement: 'tag.0',
        tags: {},
        fields: { host: 'a', load: 2, list: '[1,"x"]', most: 2n ** 64n - 1n },
        types: { most: 'u' },
      },
    ],
  ],
  refused: [{}, { measurement: 'm' }, { fields: {}, tags: {} }, { none: null }],
  times: {},
  precision: 0,
})

test('a timestamp counts what the precision says, exactly', () => {
  const moment = { seconds: 1_465_839_830, nanoseconds: 100_400_200 }
  const digits = '1465839830100400200'
  const rows = [
    [['ns', 'n'], digits, moment.nanoseconds],
    [['us', 'u', 'µ'], digits.slice(0, -3), 100_400_000],
    [['ms'], digits.slice(0, -6), 100_000_000],
    [['s'], digits.slice(0, -9), 0],
  ] as const
  for (const [names, timestamp, nanoseconds] of rows) {
    for (const precision of names) {
      const codec = codecOf(influx, { precision })
      assert.deepEqual(parsedOf(codec, `m f=1 ${timestamp}`)[0]?.time, { ...moment, nanoseconds }, precision)
    }
  }
})

test('a point without a timestamp has no time of its own', () => {
  assert.deepEqual(parsedOf(codecOf(influx), 'm f=1'), [{ record: { measurement: 'm', tags: {}, fields: { f: 1 } } }])
})

test('every word of a boolean is one, and any other is refused', () => {
  const codec = codecOf(influx, { flat: true })
  const read = (word: string): unknown => recordsOf(codec, `m f=${word}`)[0]?.['f']
  for (const word of ['t', 'T', 'true', 'True', 'TRUE']) assert.equal(read(word), true, word)
  for (const word of ['f', 'F', 'false', 'False', 'FALSE']) assert.equal(read(word), false, word)
  for (const word of ['tRUE', 'yes', 'Tr', 'NaN', 'inf']) assert.throws(() => read(word), ParseError, word)
})

test('integers are exact to 64 bits, and refused beyond', () => {
  const codec = codecOf(influx, { flat: true })
  const read = (word: string): unknown => recordsOf(codec, `m f=${word}`)[0]?.['f']
  assert.equal(read('9223372036854775807i'), 2n ** 63n - 1n)
  assert.equal(read('-5i'), -5)
  assert.equal(read('7u'), 7)
  for (const word of ['9223372036854775808i', '-9223372036854775809i', '18446744073709551616u', '-1u', '1e400']) {
    assert.throws(() => read(word), ParseError, word)
  }
})

test('text in quotes may have line breaks where the whole body is one frame', () => {
  assert.deepEqual(recordsOf(codecOf(influx, { flat: true }), 'a f="1\n\n# 2" 1\nb f=2'), [
    { measurement: 'a', f: '1\n\n# 2' },
    { measurement: 'b', f: 2 },
  ])
})

test('flat records keep tags and fields of one name apart', () => {
  const codec = codecOf(influx, { flat: true, measurement_key: 'name' })
  assert.deepEqual(recordsOf(codec, 'm,host=a,x=tag,name=n x=1,y=2'), [
    { name: 'm', host: 'a', x_1: 'tag', name_1: 'n', x: 1, y: 2 },
  ])
})

test('a bad point is refused with its index, its line, what was expected and what came', () => {
  const body = '# head\nm f="1\n2"\nm f=1\nm,host=a f=abc 5\nm f=1'
  const codec = codecOf(influx)
  const read: unknown[] = []
  assert.throws(
    () => {
      for (const { record } of codec.parse?.(Buffer.from(body)) ?? []) read.push(record)
    },
    (error: unknown) => {
      assert.ok(error instanceof ParseError)
      assert.equal(error.index, 2)
      const expected = 'a number, a boolean or text in quotes as the field "f"'
      assert.equal(error.message, `influx: event 2, line 5: expected ${expected}, got "abc"`)
      return true
    },
  )
  assert.equal(read.length, 2)
})

test('two tags of one name, and times that events cannot have, are refused', () => {
  const codec = codecOf(influx)
  for (const line of [
    'm,a=1,a=2 f=1',
    'm f=1 -1',
    'm f=1 4294967296000000000',
    'm f="a"1',
    'm f=1 1.5',
    'm f=+1',
    'm f=+1i',
  ]) {
    assert.throws(() => recordsOf(codec, line), ParseError, line)
  }
})

test('records of any input are written as fields, and as tags where tag_keys names them', () => {
  const codec = codecOf(influx, { tag_keys: ['host', 'gone'], precision: 's' })
  assert.equal(
    textOf(codec, [{ host: 'my gateway', load: 0.5, up: true }]),
    'test,host=my\\ gateway load=0.5,up=true 1700000000\n',
  )
})

test('the measurement is a field of the record, or the tag of the event', () => {
  const codec = codecOf(influx, { measurement_key: 'name', precision: 's' })
  assert.equal(textOf(codec, [{ name: '#cpu\n', n: 1 }, { n: 2 }]), '_cpu\\  n=1 1700000000\ntest n=2 1700000000\n')
})

test('the measurement is made of the tag and of fields where a template says how', () => {
  const codec = codecOf(influx, { measurement: 'm $TAG.$bus', tag_keys: 'bus', precision: 's' })
  assert.equal(
    textOf(codec, [
      { bus: 'can0', n: 1 },
      { measurement: 'own', n: 2 },
    ]),
    'm\\ test.can0,bus=can0 n=1 1700000000\nown n=2 1700000000\n',
  )
})

test('with auto_tags all texts are tags, and an event of texts alone is refused', () => {
  const codec = codecOf(influx, { auto_tags: true, precision: 's' })
  assert.equal(textOf(codec, [{ bus: 'can0', n: 1, unit: 'km/h' }]), 'test,bus=can0,unit=km/h n=1 1700000000\n')
  assert.throws(() => textOf(codec, [{ bus: 'can0' }]), PermanentError)
})

test('a sequence tag numbers neighbours of one time, and begins anew with each piece', () => {
  const codec = codecOf(influx, { sequence_tag: '_seq', precision: 's' })
  const write = (): string => {
    const moments = [1, 1, 2, 1]
    const { chunks } = batchOf(moments.map((seconds) => ({ seconds, record: { n: 1 } })))
    return Buffer.from(codec.formatter?.format(chunks) ?? []).toString()
  }
  const expected = 'test,_seq=0 n=1 1\ntest,_seq=1 n=1 1\ntest,_seq=0 n=1 2\ntest,_seq=0 n=1 1\n'
  assert.deepEqual([write(), write()], [expected, expected])
  assert.equal(textOf(codecOf(influx, { sequence_tag: 'off', precision: 's' }), [{ n: 1 }]), 'test n=1 1700000000\n')
})

test('names and texts of any characters survive being written and read, but for line breaks and a last backslash', () => {
  const codec = codecOf(influx)
  const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[\r\n]|\\$|^[#\t\0 ]/.test(text))
  const point = fc.record({
    measurement: name,
    tags: fc.dictionary(name, name),
    fields: fc.dictionary(
      name,
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      {
        minKeys: 1,
      },
    ),
  })
  fc.assert(
    fc.property(point, (record) => {
      const [back] = recordsOf(codec, textOf(codec, [record]))
      assert.deepEqual(JSON.parse(JSON.stringify(back)), JSON.parse(JSON.stringify(record)))
    }),
  )
})
