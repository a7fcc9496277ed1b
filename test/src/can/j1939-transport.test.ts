import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { J1939Transport } from '../../../src/can/j1939/transport.js'
import { frameOf, textOf } from '../../support/can-frames.js'

/** Listens to frames, each `ID#DATA` or `ID#DATA @MILLISECONDS`; tells the wholes that came of them and what was wrong. */
function heard(frames: readonly string[], most?: number): { wholes: string[]; faults: string[] } {
  const faults: string[] = []
  const transport = new J1939Transport((fault) => faults.push(fault), most)
  const wholes: string[] = []
  for (const line of frames) {
    const [text = '', atMs = '0'] = line.split(' @')
    const whole = transport.take(frameOf(text, Number(atMs)))
    if (whole) wholes.push(textOf(whole))
  }
  return { wholes, faults }
}

const payload = '0102030405060701020304050607010203040506'
const first = '0101020304050607'
const second = '0201020304050607'
const third = '03010203040506FF'
const packets = [first, second, third]

describe('J1939 transport', () => {
  it('puts a message for all together (BAM)', () => {
    const bam = ['00ECFF01#20140003FFB0FE00', ...packets.map((data) => `00EBFF01#${data}`)]
    assert.deepEqual(heard(bam), { wholes: [`00FEB001#${payload}`], faults: [] })
  })

  it('puts a message from one to another together, whichever packets are asked for again', () => {
    const frames = [
      '18EC0201#101400030100DF00',
      '1CEC0102#110201FFFF00DF00',
      `1CEB0201#${first}`,
      `1CEB0201#${second}`,
      '1CEC0102#110202FFFF00DF00',
      `1CEB0201#${second}`,
      `1CEB0201#${third}`,
      '1CEC0102#13140003FF00DF00',
    ]
    assert.deepEqual(heard(frames), { wholes: [`18DF0201#${payload}`], faults: [] })
  })

  it('waits while the receiver holds the sender off', () => {
    const frames = [
      '00EC0201#1014000301B0FE00 @0',
      '1CEC0102#1100FFFFFFB0FE00 @500',
      '1CEC0102#1100FFFFFFB0FE00 @1500',
      '1CEC0102#110301FFFFB0FE00 @2500',
      ...packets.map((data) => `00EB0201#${data} @3000`),
    ]
    assert.deepEqual(heard(frames), { wholes: [`00FEB001#${payload}`], faults: [] })
  })

  it('keeps transfers of several senders apart', () => {
    const frames = ['00ECFF01#20140003FFB0FE00', '00ECFF02#20090002FFCAFE00']
    for (const data of packets) frames.push(`00EBFF01#${data}`, `00EBFF02#${data}`)
    const { wholes, faults } = heard(frames)
    assert.deepEqual(wholes, ['00FECA02#010203040506070102', `00FEB001#${payload}`])
    assert.deepEqual(faults, ['unannounced'])
  })

  it('gives back what is no part of a transfer, and the parts it keeps', () => {
    assert.deepEqual(heard(['0CF00400#207D87481400F087', '7EC#0102', '0CEB#00']).wholes.length, 3)
  })

  const wrong: [name: string, frames: string[], fault: string][] = [
    ['a packet of a BAM that is missing', ['00ECFF01#20140003FFB0FE00', `00EBFF01#${second}`], 'missing_frame'],
    ['a packet that comes too late', ['00ECFF01#20140003FFB0FE00', `00EBFF01#${first} @1251`], 'timeout,unannounced'],
    ['a packet of nothing', [`00EBFF01#${first}`], 'unannounced'],
    ['sizes that contradict one another', ['00ECFF01#20140004FFB0FE00'], 'malformed'],
    ['an empty transfer', ['00ECFF01#20000000FFB0FE00'], 'malformed'],
    ['a BAM for one address', ['00EC0201#20140003FFB0FE00'], 'malformed'],
    ['a request to send to all', ['00ECFF01#10140003FFB0FE00'], 'malformed'],
    ['a word that is none', ['00ECFF01#63140003FFB0FE00'], 'malformed'],
    ['too few bytes', ['00ECFF01#20140003FFB0FE'], 'malformed'],
    ['a packet beyond the last', ['00ECFF01#20140003FFB0FE00', '00EBFF01#0401020304050607'], 'malformed'],
    ['a packet that is cut', ['00ECFF01#20140003FFB0FE00', '00EBFF01#010102030405'], 'malformed'],
    ['another message of the same sender', ['00ECFF01#20140003FFB0FE00', '00ECFF01#20140003FFB0FE00'], 'superseded'],
    [
      'a receiver that breaks it off',
      ['00EC0201#1014000301B0FE00', '1CEC0102#FF01FFFFFFB0FE00', `00EB0201#${first}`],
      'aborted,unannounced',
    ],
    [
      'a sender that breaks it off',
      ['00EC0201#1014000301B0FE00', '1CEC0201#FF03FFFFFFB0FE00', `00EB0201#${first}`],
      'aborted,unannounced',
    ],
    [
      'a receiver that heard more than this',
      ['00EC0201#1014000301B0FE00', '1CEC0102#13140003FFB0FE00'],
      'missing_frame',
    ],
  ]
  for (const [name, frames, fault] of wrong) {
    it(`tells ${name}`, () => assert.deepEqual(heard(frames), { wholes: [], faults: fault.split(',') }))
  }

  it('does not mind an abort of another message', () => {
    const frames = ['00EC0201#1014000301B0FE00', '1CEC0102#FF01FFFFFFCAFE00']
    frames.push(...packets.map((data) => `00EB0201#${data}`))
    assert.deepEqual(heard(frames), { wholes: [`00FEB001#${payload}`], faults: [] })
  })

  it('gives up the oldest transfer when there are more than it has room for', () => {
    const begin = ['01', '02', '03'].map((source) => `00ECFF${source}#20140003FFB0FE00`)
    const rest = packets.map((data) => `00EBFF03#${data}`)
    assert.deepEqual(heard([...begin, ...rest], 2), { wholes: [`00FEB003#${payload}`], faults: ['no_room'] })
  })

  it('holds 64 transfers at once, however many addresses begin one and leave it', () => {
    const hex = (address: number): string => address.toString(16).padStart(2, '0')
    const begun = Array.from({ length: 253 }, (_, at) => `18EC01${hex(at + 2)}#10F906FFFFB0FE00`)
    const bam = ['00ECFF01#20140003FFB0FE00', ...packets.map((data) => `00EBFF01#${data}`)]
    const { wholes, faults } = heard([...begun, ...bam])
    assert.deepEqual(wholes, [`00FEB001#${payload}`])
    assert.deepEqual([new Set(faults), faults.length], [new Set(['no_room']), begun.length + 1 - 64])
  })

  it('takes any message of up to 1785 bytes, through any others', () => {
    const message = fc.uint8Array({ minLength: 9, maxLength: 1785 })
    fc.assert(
      fc.property(message, fc.array(fc.tuple(fc.nat(1785), anyFrame), { maxLength: 50 }), (bytes, others) => {
        const frames = bamOf(bytes)
        for (const [at, other] of others) frames.splice(at % (frames.length + 1), 0, other)
        const { wholes } = heard(frames)
        const text = `00FEB001#${Buffer.from(bytes).toString('hex').toUpperCase()}`
        assert.ok(wholes.includes(text))
      }),
      { numRuns: 30 },
    )
  })

  it('survives any frames, and gives no message longer than was announced', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 200 }), (frames) => {
        const { wholes } = heard(frames, 4)
        for (const whole of wholes) assert.ok((whole.length - 9) / 2 <= 1785)
      }),
    )
  })
})

/** Frames of the two groups of the transport, of senders other than 1, with bytes that may mean something. */
const anyFrame = fc
  .tuple(
    fc.constantFrom('EC', 'EB'),
    fc.constantFrom('FF', '02', '03'),
    fc.constantFrom('02', '03', '04'),
    fc.uint8Array({ maxLength: 8 }),
    fc.constantFrom(16, 17, 19, 32, 255, 1, 2),
  )
  .map(([group, to, from, bytes, word]) => {
    if (bytes.length > 0) bytes[0] = word
    if (bytes.length > 3) bytes.set([bytes[1] ?? 0, 0, Math.ceil((bytes[1] ?? 0) / 7)], 1)
    return `18${group}${to}${from}#${Buffer.from(bytes).toString('hex')}`
  })

function bamOf(bytes: Uint8Array): string[] {
  const count = Math.ceil(bytes.length / 7)
  const frames = [Uint8Array.of(32, bytes.length & 255, bytes.length >> 8, count, 255, 0xb0, 0xfe, 0)]
  for (let n = 0; n < count; n++) {
    const packet = new Uint8Array(8).fill(255)
    packet[0] = n + 1
    packet.set(bytes.subarray(n * 7, n * 7 + 7), 1)
    frames.push(packet)
  }
  return frames.map((data, n) => `00${n === 0 ? 'EC' : 'EB'}FF01#${Buffer.from(data).toString('hex')}`)
}
