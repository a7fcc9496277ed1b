import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode, encode } from '@msgpack/msgpack'
import { readAck, writeAck } from '../../../src/forward/index.js'

test('an acknowledgement has the chunk of the message as it was sent', () => {
  const chunk = encode('p8n9gmxTQVC8/nh2wlKKeQ==')
  const ack = writeAck(chunk)
  assert.equal(Buffer.from(ack).toString('latin1'), '\x81\xa3ack\xb8p8n9gmxTQVC8/nh2wlKKeQ==')
  assert.deepEqual(decode(ack), { ack: 'p8n9gmxTQVC8/nh2wlKKeQ==' })
  assert.equal(Buffer.from(writeAck(encode(new Uint8Array([1, 2])))).toString('latin1'), '\x81\xa3ack\xc4\x02\x01\x02')
})

test('the chunk of an acknowledgement is read, whatever stands beside it', () => {
  assert.equal(readAck(encode({ ack: 'one' })), 'one')
  assert.equal(readAck(encode({ more: [1, { a: null }], ack: 'two' })), 'two')
})

test('what is no acknowledgement is refused', () => {
  assert.throws(() => readAck(encode({ nack: 'one' })), { code: 'FORWARD_MESSAGE' })
  assert.throws(() => readAck(encode(['HELO', {}])), { code: 'FORWARD_MESSAGE' })
  assert.throws(() => readAck(encode({ ack: 1 })), { code: 'FORWARD_MESSAGE' })
  assert.throws(() => readAck(encode({ ack: 'one' }).subarray(0, 6)), { code: 'FORWARD_MESSAGE' })
})
