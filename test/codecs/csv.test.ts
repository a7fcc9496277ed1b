import assert from 'node:assert/strict'
import { test } from 'node:test'
import csv from '../../codecs/csv/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, recordsOf, textOf } from '../support/codec.js'

codecContract('csv', {
  create: () => codecOf(csv, { columns: ['a', 'b', 'c'] }),
  stream: 'x,"y, ""z""",\r\n\n1,2,3\n"",ü\n',
  records: [
    { a: 'x', b: 'y, "z"', c: '' },
    { a: '1', b: '2', c: '3' },
    { a: '', b: 'ü' },
  ],
  garbage: ['1,2,3,4', '"open', 'a,"b"c'],
  oversize: `${'x'.repeat(40)}\n`,
})

codecContract('csv with a header', {
  create: () => codecOf(csv, { delimiter: '\\t' }),
  head: 'a\tb',
  stream: '\ufeffa\tb\n1\t"2 ""3"""\na\tb\n4\t5\n',
  records: [
    { a: '1', b: '2 "3"' },
    { a: '4', b: '5' },
  ],
  garbage: ['1\t2\t3', '"'],
  oversize: `${'x'.repeat(40)}\n`,
  written: [
    [{ a: 'x', b: 'y\tz', c: '"' }],
    [
      { a: 1.5, b: null, c: false, big: 2n ** 53n + 1n, nan: -Infinity, list: [{}] },
      { a: '1.5', b: '', c: 'false', big: '9007199254740993', nan: '-Infinity', list: '[{}]' },
    ],
  ].map(
    ([record = {}, read = record]) => [record, { a: '', b: '', c: '', big: '', nan: '', list: '', ...read }] as const,
  ),
  times: { time_key: 'date' },
  precision: 0,
})

test('the first line names the columns, of which those of one name are told apart', () => {
  const codec = codecOf(csv)
  assert.deepEqual(recordsOf(codec, 'a,b,a'), [])
  assert.deepEqual(recordsOf(codec, '1,2,3'), [{ a: '1', b: '2', a_2: '3' }])
})

test('a header that comes again is no record', () => {
  assert.deepEqual(recordsOf(codecOf(csv), 'a,b\n1,2\na,b\n3,4'), [
    { a: '1', b: '2' },
    { a: '3', b: '4' },
  ])
})

test('line breaks may stand in quotes where the whole body is one frame', () => {
  assert.deepEqual(recordsOf(codecOf(csv, { columns: 'a b' }), '"1\n\n2",3\r\n4'), [
    { a: '1\n\n2', b: '3' },
    { a: '4' },
  ])
})

test('without columns, every field of a batch is written below its name', () => {
  assert.equal(
    textOf(codecOf(csv, { json_date_format: 'iso8601' }), [{ a: 1 }, { b: 'x,y' }]),
    'date,a,b\n2023-11-14T22:13:20.000000Z,1,\n2023-11-14T22:13:20.000000Z,,"x,y"\n',
  )
})

test('with columns, these alone are written, and no header', () => {
  const codec = codecOf(csv, { columns: ['b', 'date', 'none'], json_date_format: 'epoch_ms', delimiter: ';' })
  assert.equal(textOf(codec, [{ a: 1, b: 'x;"y"\n' }]), '"x;""y""\n";1700000000000;\n')
})

test('a row of one empty value is written so that it reads back', () => {
  const codec = codecOf(csv, { columns: ['a'] })
  assert.equal(textOf(codec, [{ a: '' }]), '""\n')
  assert.deepEqual(recordsOf(codec, '""\n'), [{ a: '' }])
})

test('what is not UTF-8 has a sign in its place', () => {
  assert.deepEqual(recordsOf(codecOf(csv, { columns: ['a'] }), Uint8Array.of(0xff)), [{ a: '\ufffd' }])
})

test('a wrong delimiter is refused', () => {
  for (const delimiter of ['"', '\n', '', ',,']) assert.throws(() => codecOf(csv, { delimiter }))
})
