import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerWord, sdName, sdValue, tagWord } from '../../../outputs/syslog/header-text.js'
import { type Fields, rfc3164, rfc5424 } from '../../../outputs/syslog/message.js'
import { facilityOf, severityOf } from '../../../outputs/syslog/priority.js'
import { plainStamp, preciseStamp } from '../../../outputs/syslog/timestamp.js'

const nothing: Fields = {
  time: { seconds: 0, nanoseconds: 0 },
  severity: 6,
  facility: 1,
  hostname: undefined,
  appname: undefined,
  procid: undefined,
  msgid: undefined,
  data: [],
  message: undefined,
}

const written = (fields: Partial<Fields>, write = rfc5424(32)): string => {
  const { head, text } = write({ ...nothing, ...fields })
  return head + text
}

for (const [what, fields, expected] of [
  ['nothing but its time', {}, '<14>1 1970-01-01T00:00:00.000000Z - - - - -'],
  ['ASCII, which needs no mark', { message: 'on fire' }, '<14>1 1970-01-01T00:00:00.000000Z - - - - - on fire'],
  [
    'other text, which is marked as UTF-8',
    { message: 'grün' },
    '<14>1 1970-01-01T00:00:00.000000Z - - - - - \uFEFFgrün',
  ],
  [
    'words with characters that a header has not',
    { hostname: 'gw 7', appname: 'motör', procid: '', msgid: '\n' },
    '<14>1 1970-01-01T00:00:00.000000Z gw_7 mot_r - _ -',
  ],
  [
    'structured data, escaped',
    {
      data: [
        { name: 'a@1', params: [['k=', String.raw`"]\ü`]] },
        { name: 'b', params: [] },
      ],
      message: 'x',
    },
    String.raw`<14>1 1970-01-01T00:00:00.000000Z - - - - [a@1 k_="\"\]\\ü"][b] x`,
  ],
  ['the highest priority there is', { facility: 23, severity: 7 }, '<191>1 1970-01-01T00:00:00.000000Z - - - - -'],
] as const)
  test(`a message of RFC 5424 has ${what}`, () => assert.equal(written(fields), expected))

test('a message of RFC 3164 has a host, a tag with the process, and its text', () => {
  const stamp = plainStamp(nothing.time)
  const fields = { hostname: 'gw 7', appname: 'my app', procid: '12', message: 'grün' }
  assert.equal(written(fields, rfc3164), `<14>${stamp} gw_7 my_app[12]: grün`)
  assert.equal(written({ message: 'x' }, rfc3164), `<14>${stamp} x`)
})

test('the stamp of RFC 3164 has a blank before a day of one digit', () => {
  const seconds = new Date(2023, 2, 4, 5, 6, 7).getTime() / 1000
  assert.equal(plainStamp({ seconds, nanoseconds: 0 }), 'Mar  4 05:06:07')
})

test('the stamp of RFC 5424 has microseconds, never rounded up', () => {
  assert.equal(preciseStamp({ seconds: 1, nanoseconds: 999_999_999 }), '1970-01-01T00:00:01.999999Z')
})

test('words are cut to what the header allows', () => {
  assert.equal(headerWord('x'.repeat(60), 48).length, 48)
  assert.equal(sdName('x'.repeat(60), 32).length, 32)
  assert.equal(sdName('x'.repeat(60), Infinity).length, 60)
  assert.equal(tagWord('x'.repeat(60)).length, 32)
  assert.equal(sdName('a]b"c=d e', 32), 'a_b_c_d_e')
  assert.equal(sdValue('plain'), 'plain')
})

test('severities and facilities are numbers or names, and anything else is none', () => {
  assert.deepEqual([0, 7, '3', 'ERR', 'error', 'warn', 'warning', 'Debug'].map(severityOf), [0, 7, 3, 3, 3, 4, 4, 7])
  assert.deepEqual([8, -1, 1.5, '', 'loud', null, undefined, {}].map(severityOf), Array(8).fill(undefined))
  assert.deepEqual([0, 23, '16', 'local7', 'daemon'].map(facilityOf), [0, 23, 16, 23, 3])
  assert.deepEqual([24, 'err'].map(facilityOf), [undefined, undefined])
})
