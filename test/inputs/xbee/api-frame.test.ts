import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ApiFrame, readFrame } from '../../../inputs/xbee/api-frame.js'
import { FrameFinder } from '../../../inputs/xbee/frame-finder.js'

const address = '0013a20040522baa'
const zigbee = { source: address, fields: { src_addr16: '7d84' } }

/** Examples of Digi's user guides, whole as a module sends them. */
const examples: readonly [string, string, Partial<ApiFrame>][] = [
  [
    '64-bit receive packet, 0x80 (S2C 802.15.4)',
    '7e00118000 13a20012345678 5e01 547844617461 11',
    { kind: 'data', source: '0013a20012345678', fields: { rssi: -94 }, payload: Buffer.from('TxData') },
  ],
  [
    '16-bit receive packet, 0x81 (S2C 802.15.4)',
    '7e000b81 1234 5e01 547844617461 93',
    { kind: 'data', source: '1234', fields: { rssi: -94 }, payload: Buffer.from('TxData') },
  ],
  ['modem status, 0x8A', '7e00028a066f', { records: [{ frame: 'modem_status', status: 'coordinator_started' }] }],
  [
    'receive packet, 0x90 (Zigbee)',
    '7e001290 0013a20040522baa 7d84 01 527844617461 0d',
    { kind: 'data', ...zigbee, payload: Buffer.from('RxData') },
  ],
  [
    'explicit receive packet, 0x91 (Zigbee)',
    '7e001891 0013a20040522baa 7d84 e0 e0 2211 c105 02 527844617461 52',
    {
      source: address,
      fields: { src_addr16: '7d84', src_endpoint: 0xe0, dst_endpoint: 0xe0, cluster: 0x2211, profile: 0xc105 },
      payload: Buffer.from('RxData'),
    },
  ],
  [
    'I/O sample, 0x92 (Zigbee)',
    '7e001492 0013a20040522baa 7d84 01 01 001c 02 0014 0225 f5',
    { kind: 'samples', ...zigbee, records: [{ DIO2: 1, DIO3: 0, DIO4: 1, AD1: 0x225 }] },
  ],
  [
    'I/O sample of a module without a 16-bit address, 0x92 (900HP)',
    '7e001492 0013a20040522baa fffe 01 01 001c 02 0014 0225 f9',
    { source: address, fields: {}, records: [{ DIO2: 1, DIO3: 0, DIO4: 1, AD1: 0x225 }] },
  ],
  [
    '1-wire sensors, 0x94 (Zigbee)',
    '7e001794 0013a20040522baa dd6c 01 03 0002 00ce 00ea 0052 016a 8b',
    { kind: 'sensors', records: [{ frame: 'sensors', AD0: 2, AD1: 0xce, AD2: 0xea, AD3: 0x52, temperature: 22.625 }] },
  ],
  [
    'node identification, 0x95 (900HP), with device type identifier and signal strength',
    '7e002595 0013a200407402ac fffe c2 fffe 0013a200407402ac 2000 fffe 01 01 c105 101e 000c0000 2e 33',
    {
      kind: 'node_identification',
      records: [
        {
          frame: 'node_identification',
          node_addr: '0013a200407402ac',
          node_addr16: 'fffe',
          node: '',
          parent_addr16: 'fffe',
          device_type: 'router',
          event: 1,
          profile: 0xc105,
          manufacturer: 0x101e,
          device_id: '000c0000',
          rssi: -46,
        },
      ],
    },
  ],
  [
    'answer to a remote command, 0x97 (900HP)',
    '7e001397 55 0013a20040522baa fffe 534c 00 40522baa f4',
    {
      kind: 'remote_at',
      source: address,
      records: [
        {
          frame: 'remote_at',
          command: 'SL',
          status: 'ok',
          value: Uint8Array.of(0x40, 0x52, 0x2b, 0xaa),
          frame_id: 0x55,
        },
      ],
    },
  ],
]

describe('frames of XBee modules', () => {
  for (const [name, hex, expected] of examples)
    it(`are read as Digi documents them: ${name}`, () => {
      const frame = readFrame(contentOf(hex))
      for (const [part, value] of Object.entries(expected))
        assert.deepEqual(frame?.[part as keyof ApiFrame], value, part)
    })

  it('of 802.15.4 have a record for each sample, with up to nine digital and six analog pins', () => {
    const samples = '0101 03ff 0001 0001 0200 0002'
    const frame = readFrame(Buffer.from(`83 5678 28 00 02 4301 ${samples}`.replaceAll(' ', ''), 'hex'))
    assert.deepEqual([frame?.source, frame?.fields], ['5678', { rssi: -40 }])
    assert.deepEqual(frame?.records, [
      { DIO0: 1, DIO8: 1, AD0: 0x3ff, AD5: 1 },
      { DIO0: 1, DIO8: 0, AD0: 0x200, AD5: 2 },
    ])
  })

  it('with samples of analog pins alone have no word of levels', () => {
    const frame = readFrame(Buffer.from(`92${address}7d84010100008301020304050c80`, 'hex'))
    assert.deepEqual(frame?.records, [{ AD0: 0x102, AD1: 0x304, VCC: 0x50c }])
  })

  it('with a temperature below zero, or with none, and with water are sensors too', () => {
    const readings = (rest: string) => readFrame(Buffer.from(`94${address}7d8401${rest}`, 'hex'))?.records
    assert.deepEqual(readings(`02${'ff'.repeat(8)}0808`), [{ frame: 'sensors', temperature: -0.5 }])
    assert.deepEqual(readings(`62${'ff'.repeat(8)}ffff`), [{ frame: 'sensors', water: true }])
  })

  it('whose codes have no name keep their number', () => {
    assert.deepEqual(readFrame(Buffer.of(0x8a, 0x3e))?.records, [{ frame: 'modem_status', status: 0x3e }])
  })

  it('of a sender whose 64-bit address is unknown have its 16-bit address', () => {
    assert.equal(readFrame(Buffer.from('90ffffffffffffffff7d840141', 'hex'))?.source, '7d84')
  })

  it('of other types are none that are taken', () => {
    assert.equal(readFrame(Buffer.from('8b017d84000000', 'hex')), undefined)
  })

  it('that end too early are refused, at every place', () => {
    for (const [, hex] of examples.filter(([name]) => !name.includes('packet'))) {
      const content = contentOf(hex)
      const least = content.length - (hex.startsWith('7e0025') ? 5 : hex.startsWith('7e0013') ? 4 : 0)
      for (let size = 1; size < least; size++)
        assert.throws(() => readFrame(content.subarray(0, size)), /frame 0x..: expected \d+ bytes or more/)
    }
  })
})

/** The frame data of an example, which has to have a right checksum. */
function contentOf(hex: string): Buffer {
  const fail = (reason: string | number): never => assert.fail(`the example is none: ${reason}`)
  const finder = new FrameFinder({ escaped: false, maxFrame: 255, onDamage: fail, onNoise: fail })
  const [content] = finder.push(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  assert.ok(content, hex)
  return content
}
