import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { framingOf, framingOptions } from '../../../src/framing/index.js'
import { type Cut, cutterOf } from '../../support/framed.js'
import { summed } from '../../support/framed-streams.js'
import { valuesOf } from '../../support/options.js'

interface Case {
  readonly name: string
  readonly framing: { readonly [option: string]: unknown }
  /** In hexadecimal behind 0x, else as it stands. */
  readonly stream: string
  readonly frames: readonly string[]
  readonly damage?: Cut['damage']
  readonly noise?: number
}

const cases: readonly Case[] = [
  {
    name: 'NMEA 0183: digits behind a star are the xor of what stands between it and the dollar',
    framing: { type: 'start_stop', start: '$', stop: '\\r\\n', checksum: 'xor', checksum_form: 'hex', checksum_gap: 1 },
    stream: '$GPGLL,5057.970,N,00146.110,E,142451,A*27\r\n$GPGLL,5057.970,N,00146.110,E,142451,B*27\r\n$G*zz\r\n',
    frames: ['GPGLL,5057.970,N,00146.110,E,142451,A'],
    damage: ['bad_checksum', 'bad_checksum'],
  },
  {
    name: 'a frame that is too long is told as such, be it that its end was lost',
    framing: { type: 'start_stop', start: ':', stop: ';', max_frame: 3 },
    stream: ':abcdef:ab;:abcd;:ab:abc;',
    frames: ['ab', 'abc'],
    damage: ['too_long', 'too_long', 'cut_off'],
  },
  {
    name: 'Modbus RTU: a pause ends a frame, which ends with its CRC, lowest byte first',
    framing: { type: 'idle', idle: '10ms', checksum: 'CRC-16/MODBUS' },
    stream: '0x010300000001840a',
    frames: ['0x010300000001'],
  },
  {
    name: 'Digi API frames: the checksum is over what is behind the length',
    framing: { type: 'length_prefix', start: '~', adjust: 1, checksum: 'sum8_ones', checksum_from: 3 },
    stream: '0x7e0002 8a06 6f',
    frames: ['0x8a06'],
  },
  {
    name: 'SLIP: both escapes are undone, and ENDs beside each other are nothing',
    framing: { type: 'slip' },
    stream: '0xc0c0 01dbdc02dbdd03 c0c0 04c0',
    frames: ['0x01c002db03', '0x04'],
  },
  {
    name: 'SLIP: what is no escape costs its frame, and so does the end of the stream within it',
    framing: { type: 'slip' },
    stream: '0xc001db01c0 02c0 03',
    frames: ['0x02'],
    damage: ['bad_stuffing', 'cut_off'],
  },
  {
    name: 'COBS: the examples of its authors',
    framing: { type: 'cobs' },
    stream: '0x0101 00 010101 00 03112202 33 00 0511223344 00 0211 0101 01 00',
    frames: ['0x00', '0x0000', '0x11220033', '0x11223344', '0x11000000'],
  },
  {
    name: 'COBS: a code beyond the end costs its frame',
    framing: { type: 'cobs' },
    stream: '0x051122 00 0211 00',
    frames: ['0x11'],
    damage: ['bad_stuffing'],
  },
  {
    name: 'COBS: a frame that the stream cuts is given up, though its codes fit',
    framing: { type: 'cobs' },
    stream: '0x0211 00 0211 0222',
    frames: ['0x11'],
    damage: ['cut_off'],
  },
  {
    name: 'COBS/R: a code beyond the end is the last byte, but not where the stream cuts the frame',
    framing: { type: 'cobs_r' },
    stream: '0x051122 00 02 00 0211 00 0311',
    frames: ['0x112205', '0x02', '0x11'],
    damage: ['cut_off'],
  },
  {
    name: 'HDLC: a frame whose flag behind it is missing is given up',
    framing: { type: 'start_stop', start: '~', stop: '~' },
    stream: '~ab~cd',
    frames: ['ab'],
    damage: ['cut_off'],
  },
  {
    name: 'a length may be beside the start, lowest byte first, and count everything',
    framing: { type: 'length_prefix', start: '0xa5', offset: 2, width: 3, endian: 'little', adjust: -5 },
    stream: '0xff a501 070000 1122 a502 050000',
    frames: ['0x1122', '0x'],
    noise: 1,
  },
  {
    name: 'the head stays where that is asked for',
    framing: { type: 'length_prefix', start: '0xa5', width: 1, stop: '0x16', keep_header: true },
    stream: '0xa503 1122 16',
    frames: ['0xa5031122'],
  },
  {
    name: 'M-Bus: a frame whose stop is not where it should be is none',
    framing: { type: 'length_prefix', start: '0x68', width: 1, stop: '0x16' },
    stream: '0x6803112215 6802 33 16',
    frames: ['0x33'],
    damage: ['bad_stop'],
    noise: 5,
  },
  {
    name: 'a garbled length costs no frame but its own, also at the end of the stream',
    framing: { type: 'length_prefix', start: '0xaa', width: 2, checksum: 'CRC-16/XMODEM' },
    stream: `0xaa0010${'11'.repeat(4)}${[1, 2, 3].map((n) => summed('CRC-16/XMODEM', Uint8Array.of(0xaa, 0, 3, n)).toString('hex')).join('')}`,
    frames: ['0x01', '0x02', '0x03'],
    damage: ['bad_checksum'],
    noise: 7,
  },
  {
    name: 'a length that says more than a frame may have costs its head, where there is a start',
    framing: { type: 'length_prefix', start: '0xaa', width: 2, max_frame: 4 },
    stream: '0xaaffff aa00041122334455',
    frames: ['0x11223344'],
    damage: ['too_long'],
    noise: 4,
  },
  {
    name: 'a length that says more than a frame may have is believed, where there is nothing else',
    framing: { type: 'length_prefix', width: 2, max_frame: 4 },
    stream: '0x0005 1122334455 0001 66',
    frames: ['0x66'],
    damage: ['too_long'],
  },
  {
    name: 'a length that the stream cuts is given up',
    framing: { type: 'length_prefix', width: 2 },
    stream: '0x0001 66 0005 1122',
    frames: ['0x66'],
    damage: ['cut_off'],
    noise: 4,
  },
  {
    name: 'a start within a frame begins another',
    framing: { type: 'start_stop', start: ':', stop: ';' },
    stream: 'x:ab:cd;y;:;:ef',
    frames: ['cd'],
    damage: ['cut_off', 'cut_off'],
    noise: 3,
  },
  {
    name: 'without a stop a frame ends where the next one starts',
    framing: { type: 'start_stop', start: '##' },
    stream: 'x##a#b##c##',
    frames: ['a#b', 'c'],
    noise: 1,
  },
  {
    name: 'a frame between marks that is too long is dropped, and the next one is read',
    framing: { type: 'start_stop', start: ':', stop: ';', max_frame: 4 },
    stream: ':abcde;:abcd;:abcdefghijk;:x;',
    frames: ['abcd', 'x'],
    damage: ['too_long', 'too_long'],
  },
  {
    name: 'ASTM E1381: two digits behind ETX are the sum of what stands between STX and them, ETX too',
    framing: {
      ...{ type: 'start_stop', start: '\\x02', stop: '\\x03' },
      ...{ checksum: 'sum8', checksum_form: 'hex', checksum_place: 'behind_stop' },
    },
    stream: '0x02 3148 03 3743 0d0a 02 3249 03 3743 0d0a 02 3349 03',
    frames: ['0x3148'],
    damage: ['bad_checksum', 'cut_off'],
    noise: 6,
  },
  {
    name: 'Host Link: the digits before the star are the xor of all from the at sign on',
    framing: { type: 'delimiter', delimiter: '*\\r', checksum: 'xor', checksum_form: 'hex' },
    stream: '@10RD000000026457*\r@10RD000000036457*\r',
    frames: ['@10RD0000000264'],
    damage: ['bad_checksum'],
  },
  {
    name: '3964R: the xor behind DLE ETX is over what is sent, DLEs doubled, and a start may follow one that was lost',
    framing: {
      ...{ type: 'start_stop', start: '0x02', stop: '0x1003', escape: '0x10' },
      ...{ checksum: 'xor', checksum_place: 'behind_stop' },
    },
    stream: '0x02 41101042 1003 10 02 41 1003 02 44 1003 57',
    frames: ['0x411042', '0x44'],
    damage: ['bad_checksum'],
  },
  {
    name: 'a checksum behind the stop may leave the stop out',
    framing: {
      ...{ type: 'start_stop', start: '\\x02', stop: '\\x03', max_frame: 3 },
      ...{ checksum: 'CRC-16/XMODEM', checksum_gap: 1, checksum_place: 'behind_stop' },
    },
    stream: '0x02 313233 03 9752 02 31323334 03 0000 02 313233 03 9752',
    frames: ['0x313233', '0x313233'],
    damage: ['too_long'],
    noise: 2,
  },
  {
    name: 'a length and a stop may have the checksum behind them',
    framing: {
      ...{ type: 'length_prefix', start: '\\x02', width: 1, stop: '\\x03', adjust: 2 },
      ...{ checksum: 'xor', checksum_from: 1, checksum_place: 'behind_stop' },
    },
    stream: '0x02 02 4142 03 02 02 01 41 04 40 02 01 41 03 43',
    frames: ['0x4142', '0x41'],
    damage: ['bad_stop'],
    noise: 5,
  },
  {
    name: 'a length without room for what stands behind the content is none',
    framing: {
      ...{ type: 'length_prefix', start: '0xaa', width: 1, stop: '0x16', checksum: 'CRC-16/XMODEM' },
      checksum_place: 'behind_stop',
    },
    stream: `0xaa00 aa02 ${summed('CRC-16/XMODEM', Uint8Array.of(0xaa, 4, 0x77, 0x16)).toString('hex')}`,
    frames: ['0x77'],
    damage: ['bad_length', 'bad_length'],
    noise: 4,
  },
  {
    name: 'Modbus ASCII: content and checksum are digits, two a byte',
    framing: { type: 'start_stop', start: ':', stop: '\\r\\n', encoding: 'hex', checksum: 'sum8_twos' },
    stream: ':010300000001FB\r\n:010300000001fc\r\n:01030\r\n:01zz\r\n:02FE\r\n',
    frames: ['0x010300000001', '0x02'],
    damage: ['bad_checksum', 'bad_stuffing', 'bad_stuffing'],
  },
  {
    name: 'a pattern may match ends of several kinds',
    framing: { type: 'pattern', pattern: '/;|\\\\xff|end/i' },
    stream: 'a;b;;cENDd\\xffe',
    frames: ['a', 'b', 'c', 'd', 'e'],
  },
  {
    name: 'a fixed size is all there is to know',
    framing: { type: 'fixed', size: 3 },
    stream: 'abcdefg',
    frames: ['abc', 'def'],
    damage: ['cut_off'],
    noise: 1,
  },
]

const bytes = (text: string): Buffer =>
  text.startsWith('0x') ? Buffer.from(text.slice(2).replaceAll(' ', ''), 'hex') : Buffer.from(text)

describe('framings', () => {
  for (const { name, framing, stream, frames, damage = [], noise = 0 } of cases) {
    it(name, () => {
      const cut = cutterOf(framing)
      const whole = bytes(stream)
      const expected = { frames: frames.map((frame) => bytes(frame).toString('hex')), damage, noise }
      for (let at = 0; at <= whole.length; at++) {
        assert.deepEqual(cut([whole.subarray(0, at), whole.subarray(at)]), expected, `split at ${at}`)
      }
    })
  }

  it('hold no more than a frame may have, whatever comes', () => {
    const types = [
      { type: 'start_stop', start: ':', stop: ';' },
      { type: 'length_prefix', start: ':', width: 4 },
      { type: 'length_prefix', width: 8 },
      { type: 'slip' },
      { type: 'pattern', pattern: 'x' },
    ]
    for (const framing of types) {
      const stream = framingOf({
        ...valuesOf(framingOptions, { framing: { ...framing, max_frame: 100 } }),
        buffer_size: 9,
      })
      const framer = stream?.framer({ maxFrame: 1, onOversize: () => undefined })
      for (let n = 0; n < 5000; n++) framer?.push(Buffer.from(':aaaaaaaaa'))
      assert.ok(framer && framer.pending < 300, `${framing.type} holds ${framer?.pending}`)
    }
  })
})
