import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import form from '../../codecs/form/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, codecsOf, recordsOf } from '../support/codec.js'

codecContract('form', {
  create: codecsOf(form, { max_fields: 3 }),
  stream: 'a=x+y&b=%C3%BC&a=z',
  records: [{ a: ['x y', 'z'], b: 'ü' }],
  garbage: ['a&b&c&d'],
  oversize: 'x'.repeat(60),
})

test('a form is one record of texts', () => {
  const body = 'name=J%C3%BCrgen+M.&temp=21.5&empty=&flag&a%26b=c%3Dd=e'
  assert.deepEqual(recordsOf(codecOf(form), body), [
    { name: 'Jürgen M.', temp: '21.5', empty: '', flag: '', 'a&b': 'c=d=e' },
  ])
})

test('a name that comes more than once has a list', () => {
  assert.deepEqual(recordsOf(codecOf(form), 'a=1&b=2&a=3&a='), [{ a: ['1', '3', ''], b: '2' }])
})

test('a form of nothing has no record', () => {
  for (const body of ['', '&', '&&']) assert.deepEqual(recordsOf(codecOf(form), body), [], body)
})

test('a percent sign that is no escape is itself, and what is not UTF-8 has a sign in its place', () => {
  assert.deepEqual(recordsOf(codecOf(form), 'a=%&b=%4&c=%4g%41&d=%ff'), [{ a: '%', b: '%4', c: '%4gA', d: '\uFFFD' }])
})

test('a name may be one that objects have', () => {
  assert.deepEqual(recordsOf(codecOf(form), '__proto__=1&constructor=2'), [
    JSON.parse('{"__proto__":"1","constructor":"2"}'),
  ])
})

test('a form of more fields than are allowed is refused', () => {
  const codec = codecOf(form, { max_fields: 3 })
  assert.equal(recordsOf(codec, 'a=1&a=2&b=3').length, 1)
  assert.throws(() => recordsOf(codec, 'a=1&a=2&&b=3&c'), { code: 'CODEC_FORM_FIELDS', message: /at most 3 fields/ })
})

test('whatever the bytes, a form reads as the URL standard has it', () => {
  const codec = codecOf(form, { max_fields: 100_000 })
  const text = fc.string({ unit: fc.constantFrom('a', '&', '=', '+', '%', '4', 'C', '3', 'ü', '�', ' ', '\0') })
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (body) => {
      // Node takes other characters for bytes where an escape beside them is no UTF-8; escaped themselves, they are what they are.
      const escaped = body.replace(/[^\0-\x7f]+/gu, encodeURIComponent)
      const pairs = [...new URLSearchParams(escaped.startsWith('?') ? `?${escaped}` : escaped)]
      const [record = {}] = recordsOf(codec, body)
      const read = Object.entries(record).flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)]))
      const byName = ([name = '']: readonly string[], [other = '']: readonly string[]): number =>
        name < other ? -1 : Number(name > other)
      assert.deepEqual(read.toSorted(byName), pairs.toSorted(byName))
    }),
  )
})

test('whatever the bytes, there is at most one record', () => {
  const codec = codecOf(form)
  fc.assert(fc.property(fc.uint8Array(), (bytes) => recordsOf(codec, bytes).length <= 1))
})
