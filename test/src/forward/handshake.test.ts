import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AgentError } from '../../../src/base/agent-error.js'
import {
  isHandshake,
  longestReason,
  readHelo,
  readPing,
  readPong,
  writeHelo,
  writePing,
  writePong,
} from '../../../src/forward/index.js'

const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))

/** Of Fluentd Forward Protocol Specification v1, "Handshake Messages", byte by byte. */
const golden = {
  helo: latin('\x92\xa4HELO\x83\xa5nonce\xa4n0nc\xa4auth\xa2as\xa9keepalive\xc3'),
  ping: latin('\x96\xa4PING\xa1c\xa4salt\xa2d1\xa1u\xa2d2'),
  pong: latin('\x95\xa4PONG\xc3\xa0\xa1s\xa2d3'),
  refusal: latin('\x95\xa4PONG\xc2\xb3shared_key mismatch\xa1s\xa0'),
}

test('each message of the handshake is written as the specification has it', () => {
  assert.deepEqual(latinOf(writeHelo({ nonce: 'n0nc', auth: 'as', keepalive: true })), latinOf(golden.helo))
  const ping = { hostname: 'c', salt: 'salt', digest: 'd1', user: 'u', passwordDigest: 'd2' }
  assert.deepEqual(latinOf(writePing(ping)), latinOf(golden.ping))
  const pong = { accepted: true, reason: '', hostname: 's', digest: 'd3' }
  assert.deepEqual(latinOf(writePong(pong)), latinOf(golden.pong))
  const refusal = { accepted: false, reason: 'shared_key mismatch', hostname: 's', digest: '' }
  assert.deepEqual(latinOf(writePong(refusal)), latinOf(golden.refusal))
})

test('each message of the handshake is read as the specification has it', () => {
  const helo = readHelo(golden.helo)
  assert.deepEqual([String(helo.nonce), String(helo.auth), helo.keepalive], ['n0nc', 'as', true])
  const { salt, ...ping } = readPing(golden.ping)
  assert.deepEqual([String(salt), ping], ['salt', { hostname: 'c', digest: 'd1', user: 'u', passwordDigest: 'd2' }])
  assert.deepEqual(readPong(golden.pong), { accepted: true, reason: '', hostname: 's', digest: 'd3' })
  const reason = 'shared_key mismatch'
  assert.deepEqual(readPong(golden.refusal), { accepted: false, reason, hostname: 's', digest: '' })
})

test('a refusal of Fluent Bit, which has no digest, is read', () => {
  const message = latin('\x94\xa4PONG\xc2\xa2no\xa1s')
  assert.deepEqual(readPong(message), { accepted: false, reason: 'no', hostname: 's', digest: '' })
})

test('salts are the bytes that were sent, be they called text or bytes, and valid UTF-8 or not', () => {
  const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28])
  const asText = Buffer.concat([latin('\x92\xa4HELO\x82\xa5nonce\xa4'), bytes, latin('\xa4auth\xa0')])
  const asBytes = Buffer.concat([latin('\x92\xa4HELO\x82\xa5nonce\xc4\x04'), bytes, latin('\xa4auth\xc0')])
  assert.ok(bytes.equals(readHelo(asText).nonce as Uint8Array))
  assert.ok(bytes.equals(readHelo(asBytes).nonce as Uint8Array))
  assert.equal(readHelo(asBytes).auth.length, 0)
  const whole = Buffer.concat([latin('\x92\xa4HELO\x82\xa5nonce\xc4\x04'), bytes, latin('\xa4more\x93\x01\x02\x03')])
  assert.ok(bytes.equals(readHelo(whole).nonce as Uint8Array))
})

test('a handshake is told from other messages by its name', () => {
  assert.ok(isHandshake(golden.helo, 'HELO'))
  assert.ok(!isHandshake(golden.helo, 'PONG'))
  for (const other of ['', '\x81\xa3ack\xa1x', '\x90', '\x91\x01', '\x92\xa4HELX\xc0'])
    assert.ok(!isHandshake(latin(other), 'HELO'), JSON.stringify(other))
})

test('a reason that Fluent Bit copies fits into what it has for it', () => {
  for (const reason of ['shared_key mismatch', 'username/password mismatch']) assert.ok(reason.length <= longestReason)
})

test('what is no message of the handshake is refused with one error, whatever it is', () => {
  const read = [readHelo, readPing, readPong]
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged()), (bytes) => {
      for (const each of read) {
        try {
          each(bytes)
        } catch (error) {
          assert.ok(error instanceof AgentError && error.code === 'FORWARD_HANDSHAKE', String(error))
        }
      }
    }),
  )
  for (const each of read) assert.throws(() => each(new Uint8Array()), { code: 'FORWARD_HANDSHAKE' })
})

/** A message of the handshake that was cut, or has another byte somewhere. */
function damaged(): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...Object.values(golden)), fc.nat(), fc.nat(255), fc.boolean())
    .map(([message, place, byte, cut]) => {
      const at = place % message.length
      if (cut) return message.slice(0, at)
      const changed = message.slice()
      changed[at] = byte
      return changed
    })
}

function latinOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
