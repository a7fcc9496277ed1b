import assert from 'node:assert/strict'
import { test } from 'node:test'
import none from '../../codecs/none/index.js'
import { codecContract } from '../contract/codec.js'
import { codecOf, recordsOf } from '../support/codec.js'

codecContract('none', {
  create: () => codecOf(none),
  stream: 'one\r\n\n two {"a":1}\nünd',
  records: [{ log: 'one' }, { log: ' two {"a":1}' }, { log: 'ünd' }],
  garbage: [],
  oversize: `${'x'.repeat(40)}\n`,
})

test('the field has the name that the user gives it', () => {
  assert.deepEqual(recordsOf(codecOf(none, { key: 'message' }), 'a'), [{ message: 'a' }])
})

test('what is not UTF-8 has a sign in its place, or is kept as bytes', () => {
  const frame = Uint8Array.of(0x61, 0xff)
  assert.deepEqual(recordsOf(codecOf(none), frame), [{ log: 'a\ufffd' }])
  assert.deepEqual(recordsOf(codecOf(none, { raw: true }), frame), [{ log: frame }])
})
