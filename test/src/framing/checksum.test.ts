import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { checksumNames, checksumOf } from '../../../src/framing/index.js'

/** The `check` of the catalogue of CRC RevEng: the checksum of the text "123456789". */
const checks: { readonly [name: string]: number } = {
  'CRC-8/AUTOSAR': 0xdf,
  'CRC-8/BLUETOOTH': 0x26,
  'CRC-8/CDMA2000': 0xda,
  'CRC-8/DVB-S2': 0xbc,
  'CRC-8/I-432-1': 0xa1,
  'CRC-8/MAXIM-DOW': 0xa1,
  'CRC-8/NRSC-5': 0xf7,
  'CRC-8/ROHC': 0xd0,
  'CRC-8/SAE-J1850': 0x4b,
  'CRC-8/SMBUS': 0xf4,
  'CRC-8/TECH-3250': 0x97,
  'CRC-8/WCDMA': 0x25,
  'CRC-16/ARC': 0xbb3d,
  'CRC-16/CDMA2000': 0x4c06,
  'CRC-16/CMS': 0xaee7,
  'CRC-16/DNP': 0xea82,
  'CRC-16/EN-13757': 0xc2b7,
  'CRC-16/GENIBUS': 0xd64e,
  'CRC-16/IBM-3740': 0x29b1,
  'CRC-16/IBM-SDLC': 0x906e,
  'CRC-16/KERMIT': 0x2189,
  'CRC-16/MAXIM-DOW': 0x44c2,
  'CRC-16/MCRF4XX': 0x6f91,
  'CRC-16/MODBUS': 0x4b37,
  'CRC-16/SPI-FUJITSU': 0xe5cc,
  'CRC-16/T10-DIF': 0xd0db,
  'CRC-16/UMTS': 0xfee8,
  'CRC-16/USB': 0xb4c8,
  'CRC-16/XMODEM': 0x31c3,
  'CRC-24/BLE': 0xc25a56,
  'CRC-24/OPENPGP': 0x21cf02,
  'CRC-32/AUTOSAR': 0x1697d06a,
  'CRC-32/BZIP2': 0xfc891918,
  'CRC-32/CKSUM': 0x765e7680,
  'CRC-32/ISCSI': 0xe3069283,
  'CRC-32/ISO-HDLC': 0xcbf43926,
  'CRC-32/JAMCRC': 0x340bc6d9,
  'CRC-32/MPEG-2': 0x0376e6e7,
  xor: 0x31,
  sum8: 0xdd,
  sum8_ones: 0x22,
  sum8_twos: 0x23,
  sum16: 0x01dd,
  sum16_ones: 0xfe22,
  sum16_twos: 0xfe23,
}

const digits = Buffer.from('<123456789>')

describe('a checksum', () => {
  it('is that of the catalogue, for every name there is', () => {
    assert.deepEqual(checksumNames.toSorted(), Object.keys(checks).toSorted())
    for (const [name, check] of Object.entries(checks)) {
      assert.equal(checksumOf(name).sum(digits, 1, 10).toString(16), check.toString(16), name)
    }
  })

  it('is known by other names, in any case and with any marks between', () => {
    const same = [
      ['crc16_modbus', 'CRC-16/MODBUS'],
      ['crc-16/x-25', 'CRC-16/IBM-SDLC'],
      ['CRC-16/CCITT-FALSE', 'CRC-16/IBM-3740'],
      ['crc32', 'CRC-32/ISO-HDLC'],
      ['CRC32C', 'CRC-32/ISCSI'],
      ['SUM8', 'sum8'],
    ] as const
    for (const [name, other] of same) {
      assert.equal(checksumOf(name).sum(digits, 1, 10), checksumOf(other).sum(digits, 1, 10), name)
    }
  })

  it('agrees with another program on any bytes', () => {
    const { sum } = checksumOf('CRC-32/ISO-HDLC')
    fc.assert(fc.property(fc.uint8Array(), (bytes) => assert.equal(sum(bytes, 0, bytes.length), crc32(bytes))))
  })

  it('may be told by the parameters of a CRC, of which those left out are 0 and false', () => {
    const arc = checksumOf('width=16 poly=0x8005, refin=true REFOUT=TRUE')
    assert.deepEqual([arc.sum(digits, 1, 10), arc.bytes, arc.endian], [0xbb3d, 2, 'little'])
    const turned = checksumOf('width=16 poly=0x8005 refin=true refout=false xorout=65535')
    assert.equal(turned.sum(digits, 1, 10), 0xbcdd ^ 0xffff)
    assert.deepEqual([turned.bytes, turned.endian], [2, 'big'])
  })

  it('tells what is wrong with one that it does not know', () => {
    const cases = [
      ['CRC-16/MODBUSS', 'FRAMING_CHECKSUM', /got "CRC-16\/MODBUSS"; did you mean "CRC-16\/MODBUS"\?$/],
      ['parity', 'FRAMING_CHECKSUM', /^checksum: expected one of xor, sum8/],
      ['width=12 poly=0x80f', 'FRAMING_CRC', /a width of 8, 16, 24 or 32, got 12$/],
      ['width=8 poly=0x107', 'FRAMING_CRC', /of at most 8 bits/],
      ['width=8 poly=0', 'FRAMING_CRC', /a poly that is not 0$/],
      ['width=16 poly=x', 'FRAMING_CRC', /got "poly=x"$/],
      ['width=16 poly=1 refin=1', 'FRAMING_CRC', /got "refin=1"$/],
      ['width=16 constructor=1', 'FRAMING_CRC', /got "constructor=1"$/],
    ] as const
    for (const [text, code, message] of cases) assert.throws(() => checksumOf(text), { code, message }, text)
  })
})
