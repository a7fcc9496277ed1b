import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { aesCmac } from '../../../inputs/lorawan/aes.js'
import { decrypt, isAuthentic } from '../../../inputs/lorawan/frame-security.js'
import { type DataFrame, readPhyPayload } from '../../../inputs/lorawan/phy-payload.js'
import { readDatagram } from '../../../inputs/lorawan/semtech.js'
import { datagramOf, frames, session } from '../../support/lora.js'

const networkKey = Buffer.from(session.nwk_s_key, 'hex')
const applicationKey = Buffer.from(session.app_s_key, 'hex')

describe('AES-CMAC', () => {
  const message = Buffer.from(
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
    'hex',
  )
  const cases: readonly [number, string][] = [
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ]
  for (const [size, expected] of cases)
    it(`of ${size} bytes is as in RFC 4493, section 4`, () => {
      const key = Buffer.from('2b7e151628aed2a6abf7158809cf4f3c', 'hex')
      assert.equal(aesCmac(key, message.subarray(0, size)).toString('hex'), expected)
    })
})

describe('LoRaWAN frames', () => {
  const cases: readonly [keyof typeof frames, number, Buffer, string][] = [
    ['test', 2, applicationKey, 'test'],
    ['long', 0x1234, applicationKey, 'a payload that is longer than two blocks'],
    ['commands', 7, networkKey, '\u0003\u0007'],
    ['last', 0xffff, applicationKey, 'last'],
    ['rolled', 0x10001, applicationKey, 'rolled'],
    ['down', 5, applicationKey, 'down'],
  ]
  for (const [name, counter, key, text] of cases)
    it(`that another implementation made are authentic, and decrypt to what it put in: ${name}`, () => {
      const frame = dataFrame(frames[name])
      assert.ok(isAuthentic(frame, counter, networkKey))
      assert.equal(decrypt(frame, counter, key).toString(), text)
      assert.ok(!isAuthentic(frame, counter + 1, networkKey))
      assert.ok(!isAuthentic(frame, counter, applicationKey))
    })

  it('are not authentic with any bit of them turned over', () => {
    const bytes = Buffer.from(frames.long, 'hex')
    for (let bit = 8; bit < bytes.length * 8; bit++) {
      const other = Buffer.from(bytes)
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const frame = readPhyPayload(other)
      if (frame?.kind === 'data') assert.ok(!isAuthentic(frame, 0x1234, networkKey), `bit ${bit}`)
    }
  })

  it('are read in the clear: address, counter, port, commands', () => {
    const { message, devAddr, counter, port, options, isUplink } = dataFrame(frames.long)
    assert.deepEqual(
      { message, devAddr, counter, port, options: options.toString('hex'), isUplink },
      { message: 'confirmed_data_up', devAddr: '49be7df1', counter: 0x1234, port: 99, options: '0307', isUplink: true },
    )
  })

  it('of joins say who wants to join what', () => {
    const joining = Buffer.from(frames.join, 'hex')
    const { mic, ...said } = readPhyPayload(joining) as { readonly mic: Buffer }
    assert.equal(mic.toString('hex'), 'aabbccdd')
    assert.deepEqual(said, {
      kind: 'join_request',
      message: 'join_request',
      joinEui: '0102030405060708',
      devEui: '1112131415161718',
      devNonce: 0x1234,
    })
  })

  it('without a payload, of other kinds, or cut off are told apart, and no bytes make it throw', () => {
    assert.deepEqual(
      [dataFrame('40f17dbe4900020001020304').port, readPhyPayload(Buffer.alloc(0))],
      [undefined, undefined],
    )
    assert.deepEqual(readPhyPayload(Buffer.of(0x20, 1)), { kind: 'other', message: 'join_accept' })
    assert.deepEqual(readPhyPayload(Buffer.of(0xff)), { kind: 'other', message: 'proprietary' })
    assert.equal(readPhyPayload(Buffer.from('40f17dbe490f020001020304', 'hex')), undefined, 'commands beyond the end')
    assert.equal(readPhyPayload(Buffer.from('41f17dbe4900020001020304', 'hex')), undefined, 'another major version')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void readPhyPayload(Buffer.from(bytes))))
  })
})

describe('datagrams of packet forwarders', () => {
  it('are answered with their version and token', () => {
    for (const version of [1, 2]) {
      assert.deepEqual(readDatagram(datagramOf(0, {}, version))?.ack, Uint8Array.of(version, 0xab, 0xcd, 1))
      assert.deepEqual(readDatagram(datagramOf(2, undefined, version))?.ack, Uint8Array.of(version, 0xab, 0xcd, 4))
    }
    assert.equal(readDatagram(datagramOf(5))?.ack, undefined)
  })

  it('that no gateway sends are none', () => {
    const pushed = datagramOf(0, {})
    for (const bytes of [datagramOf(1), datagramOf(3), datagramOf(0, {}, 3), pushed.subarray(0, 11), Buffer.alloc(0)])
      assert.equal(readDatagram(bytes), undefined)
  })
})

function dataFrame(hex: string): DataFrame {
  const frame = readPhyPayload(Buffer.from(hex, 'hex'))
  assert.ok(frame?.kind === 'data', hex)
  return frame
}
