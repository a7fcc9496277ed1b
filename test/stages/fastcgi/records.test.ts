import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'

import {
  type FastCgiRecord,
  record,
  RecordReader,
  requestEnd,
  requestRecords,
  streamRecords,
} from '../../../stages/fastcgi/records.js'
import { AgentError } from '../../../src/base/agent-error.js'

test('a request begins with the bytes that FastCGI 1.0 says', () => {
  const long = 'v'.repeat(128)
  const expected = [
    '01 01 0001 0008 00 00', // begin, of request 1, 8 bytes
    '0001 01 0000000000', // a responder that keeps the connection
    '01 04 0001 0091 07 00', // 145 bytes of parameters, 7 of padding
    `01 02 ${hex('A')} ${hex('bc')}`,
    `04 80000080 ${hex('LONG')} ${hex(long)}`,
    `01 00 ${hex('B')}`, // an empty value
    '00000000000000',
    '01 04 0001 0000 00 00', // their end
  ]
  const bytes = requestRecords({ A: 'bc', LONG: long, B: '' })
  assert.equal(bytes.toString('hex'), expected.join('').replaceAll(' ', ''))
})

test('a stream of any length becomes records of at most 65528 bytes, which are read as they were', () => {
  const content = Buffer.alloc(150_001, 'x')
  const records = new RecordReader().push(streamRecords(5, content))
  assert.deepEqual(
    records.map((found) => found.content.length),
    [65_528, 65_528, 18_945],
  )
  assert.ok(Buffer.concat(records.map((found) => found.content)).equals(content))
})

test('records are the same wherever their bytes are cut', () => {
  const types = fc.integer({ min: 1, max: 11 })
  const contents = fc.array(fc.tuple(types, fc.uint8Array({ maxLength: 40 })), { maxLength: 6 })
  fc.assert(
    fc.property(contents, fc.array(fc.nat(300)), (given, cuts) => {
      const bytes = Buffer.concat(given.map(([type, content]) => record(type, content)))
      const reader = new RecordReader()
      const inside = cuts.filter((at) => at < bytes.length).sort((a, b) => a - b)
      const places = [0, ...inside, bytes.length]
      const found = places.flatMap((place, at) => reader.push(bytes.subarray(place, places[at + 1])))
      assert.deepEqual(found.map(plain), given)
    }),
  )
})

test('any other bytes are no more than an error', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 5 }), (parts) => {
      const reader = new RecordReader()
      try {
        const ends = parts.flatMap((part) => reader.push(Buffer.from([1, ...part])))
        for (const end of ends) requestEnd(end)
      } catch (error) {
        assert.ok(error instanceof AgentError, String(error))
      }
    }),
  )
  assert.throws(() => new RecordReader().push(Buffer.from('HTTP/1.1 400')), { code: 'FASTCGI_VERSION' })
})

function plain({ type, content }: FastCgiRecord): [number, Uint8Array] {
  return [type, new Uint8Array(content)]
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}
