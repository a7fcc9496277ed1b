import assert from 'node:assert/strict'
import { test } from 'node:test'
import ltsv from '../../codecs/ltsv/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, recordsOf, textOf } from '../support/codec.js'

codecContract('ltsv', {
  create: () => codecOf(ltsv, { escapes: true }),
  stream: 'host:127.0.0.1\ttime:[10:20]\tempty:\n\r\nü:ß\tpath:a\\tb\\\\n\\x\n',
  records: [
    { host: '127.0.0.1', time: '[10:20]', empty: '' },
    { ü: 'ß', path: 'a\tb\\n\\x' },
  ],
  garbage: ['no colon', 'a:1\tb', '\ta'],
  oversize: `a:${'x'.repeat(60)}\n`,
  written: [
    [{ a: 'text', b: '' }],
    [{ a: 'tab\tline\nreturn\rback\\slash \\t' }],
    [
      { n: 1.5, t: true, z: null, big: 2n ** 63n, nan: Number.NaN, list: [1, 'a'], 'odd:key\t': 1 },
      { n: '1.5', t: 'true', z: '', big: '9223372036854775808', nan: 'NaN', list: '[1,"a"]', odd_key_: '1' },
    ],
  ],
  times: { time_key: 'date' },
  precision: 0,
})

test('without escapes a backslash is itself, and tabs and line breaks are written as blanks', () => {
  const codec = codecOf(ltsv, { json_date_key: false })
  assert.deepEqual(recordsOf(codec, 'path:C:\\temp\\new'), [{ path: 'C:\\temp\\new' }])
  assert.equal(textOf(codec, [{ a: 'x\ty\nz\\n' }]), 'a:x y z\\n\n')
})

test('what is not UTF-8 has a sign in its place', () => {
  assert.deepEqual(recordsOf(codecOf(ltsv), Uint8Array.of(0x61, 0x3a, 0xff)), [{ a: '\ufffd' }])
})

test('bytes are written in base64', () => {
  assert.equal(textOf(codecOf(ltsv, { json_date_key: 'off' }), [{ a: Uint8Array.of(0xff) }]), 'a:/w==\n')
})
