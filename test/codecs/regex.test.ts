import assert from 'node:assert/strict'
import { test } from 'node:test'
import regex from '../../codecs/regex/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, recordsOf } from '../support/codec.js'

const pattern = String.raw`^(?<level>\w+) (?<text>[^|]*)(?:\|(?<more>.*))?$`

codecContract('regex', {
  create: () => codecOf(regex, { regex: pattern }),
  stream: 'INFO all is well\n\nWARN wärm|rest\nINFO \n',
  records: [
    { level: 'INFO', text: 'all is well' },
    { level: 'WARN', text: 'wärm', more: 'rest' },
    { level: 'INFO', text: '' },
  ],
  garbage: ['', ' ', 'nothing', '|'].slice(1),
  oversize: `INFO ${'x'.repeat(40)}\n`,
})

test('groups that took no part are no fields, and what is not UTF-8 has a sign in its place', () => {
  const codec = codecOf(regex, { regex: '(?<a>.)(?<b>x)?' })
  assert.deepEqual(recordsOf(codec, Uint8Array.of(0xff)), [{ a: '\ufffd' }])
})

test('a group may have the name of a field of every object', () => {
  const codec = codecOf(regex, { regex: '(?<__proto__>.)(?<constructor>.)' })
  assert.equal(JSON.stringify(recordsOf(codec, 'ab')), '[{"__proto__":"a","constructor":"b"}]')
})

test('the error shows the beginning of the line that did not match', () => {
  const codec = codecOf(regex, { regex: '^(?<a>x)$' })
  assert.throws(() => recordsOf(codec, 'y'.repeat(1000)), { code: 'CODEC_REGEX_NO_MATCH', message: /got "y{120}…"$/ })
})

test('an expression without named groups, or that is none, is refused when it is read', () => {
  assert.throws(() => codecOf(regex, { regex: '(.*)' }), { code: 'CODEC_REGEX_GROUPS' })
  assert.throws(() => codecOf(regex, { regex: '(?<a>' }), { code: 'REGEX_INVALID' })
  assert.throws(() => codecOf(regex, { regex: String.raw`(?<a>x)\G` }), { code: 'REGEX_UNSUPPORTED' })
})
