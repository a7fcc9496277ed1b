import assert from 'node:assert/strict'
import { test } from 'node:test'
import logfmt from '../../codecs/logfmt/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, recordsOf, textOf } from '../support/codec.js'

codecContract('logfmt', {
  create: () => codecOf(logfmt),
  stream: String.raw`level=info msg="all is \"well\"\n\u00e4\\" flag empty="" none=

  ü=ß   url=http://x/?a
`,
  records: [
    { level: 'info', msg: 'all is "well"\nä\\', flag: true, empty: '', none: '' },
    { ü: 'ß', url: 'http://x/?a' },
  ],
  garbage: ['=x', 'a="open', 'a="b"c', 'a=b"c', '"a"=b'],
  oversize: `a=${'x'.repeat(80)}\n`,
  written: [
    [{ a: 'plain', b: 'two words', c: '', d: 'quote " back \\ line \n \u0001', e: 'a=b' }],
    [
      { n: -1.5, t: true, z: null, big: -(2n ** 63n), inf: Infinity, map: { a: [1] }, 'odd key=': 1, '': 2 },
      {
        n: '-1.5',
        t: 'true',
        z: '',
        big: '-9223372036854775808',
        inf: 'Infinity',
        map: '{"a":[1]}',
        odd_key_: '1',
        _: '2',
      },
    ],
  ],
  times: { time_key: 'date' },
  precision: 0,
})

test('a key alone is an error where the user says so', () => {
  const codec = codecOf(logfmt, { logfmt_no_bare_keys: 'on' })
  assert.deepEqual(recordsOf(codec, 'a=1 b='), [{ a: '1', b: '' }])
  assert.throws(() => recordsOf(codec, 'a=1 b'), { code: 'CODEC_LOGFMT_FIELD' })
})

test('what is not UTF-8 has a sign in its place', () => {
  assert.deepEqual(recordsOf(codecOf(logfmt), Uint8Array.of(0x61, 0x3d, 0xff)), [{ a: '\ufffd' }])
})

test('a long quoted text is read', () => {
  const long = 'x\\"'.repeat(500_000)
  assert.deepEqual(recordsOf(codecOf(logfmt), `a="${long}"`), [{ a: 'x"'.repeat(500_000) }])
})

test('values are quoted only where that is needed', () => {
  const text = textOf(codecOf(logfmt, { json_date_format: 'epoch' }), [{ a: 'x', b: 'y z' }])
  assert.equal(text, 'date=1700000000 a=x b="y z"\n')
})
