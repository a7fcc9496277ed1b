import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isFastPacket } from '../../../src/can/nmea2000/fast-packet-pgns.js'
import { FastPackets } from '../../../src/can/nmea2000/fast-packet.js'
import { reassemblerOf } from '../../../src/can/transfers/reassembler-of.js'
import { frameOf, textOf } from '../../support/can-frames.js'

function heard(frames: readonly string[], most?: number): { wholes: string[]; faults: string[] } {
  const faults: string[] = []
  const packets = new FastPackets((fault) => faults.push(fault), isFastPacket, most)
  const wholes: string[] = []
  for (const line of frames) {
    const [text = '', atMs = '0'] = line.split(' @')
    const whole = packets.take(frameOf(text, Number(atMs)))
    if (whole) wholes.push(textOf(whole))
  }
  return { wholes, faults }
}

/** A position of a GNSS receiver (PGN 129029, 43 bytes), as one sent it. */
const position = [
  '0DF80523#C02B7E9A4770F82F',
  '0DF80523#C126000CD1EF4598',
  '0DF80523#C2E505007EC29403',
  '0DF80523#C3A829F6C0B67702',
  '0DF80523#C40000000023FC0A',
  '0DF80523#C55A00A000EEF3FF',
  '0DF80523#C6FF00FFFFFFFFFF',
]
const whole =
  '0DF80523#7E9A4770F82F26000CD1EF4598E505007EC29403A829F6C0B677020000000023FC0A5A00A000EEF3FFFF00FFFFFFFFFF'.slice(
    0,
    9 + 2 * 43,
  )

describe('NMEA 2000 fast packets', () => {
  it('are put together', () => assert.deepEqual(heard(position), { wholes: [whole], faults: [] }))

  it('are told apart by source and by sequence', () => {
    const other = position.map((text) => text.replace('523#', '524#'))
    const next = position.map((text) => text.replace('#C', '#E'))
    const frames = position.flatMap((text, n) => [text, other[n] ?? '', next[n] ?? ''])
    assert.deepEqual(heard(frames), { wholes: [whole, whole.replace('523#', '524#'), whole], faults: [] })
  })

  it('are whole in one frame where they are short', () => {
    assert.deepEqual(heard(['1DEFFF23#4006010203040506', '1DEFFF23#600201020304']).wholes, [
      '1DEFFF23#010203040506',
      '1DEFFF23#0102',
    ])
  })

  it('leave what goes in single frames as it is', () => {
    assert.deepEqual(heard(['09F80123#0011223344556677', '7E8#4006']).wholes.length, 2)
  })

  const [first = '', second = '', third = ''] = position
  const wrong: [name: string, frames: string[], fault: string][] = [
    ['a frame that is missing', [first, third], 'missing_frame'],
    ['a frame of nothing', [second], 'unannounced'],
    ['one that begins again', [first, first], 'superseded'],
    ['a frame too late', [first, `${second} @751`], 'timeout,unannounced'],
    ['a size that none can have', ['0DF80523#C0E07E9A4770F82F'], 'malformed'],
    ['a size of nothing', ['0DF80523#C0007E9A4770F82F'], 'malformed'],
    ['a first frame that is cut', ['0DF80523#C02B7E9A'], 'malformed'],
    ['a next frame that is cut', [first, '0DF80523#C12600'], 'malformed'],
    ['an empty frame', ['0DF80523#'], 'malformed'],
  ]
  for (const [name, frames, fault] of wrong) {
    it(`tell ${name}`, () => assert.deepEqual(heard(frames), { wholes: [], faults: fault.split(',') }))
  }

  it('give up the oldest when there are more than there is room for', () => {
    const begun = ['21', '22'].map((source) => first.replace('523#', `5${source}#`))
    assert.deepEqual(heard([...begun, ...position], 2), { wholes: [whole], faults: ['no_room'] })
  })

  it('survive any frames', () => {
    const frame = fc
      .tuple(fc.constantFrom('0DF80523', '1DEF0523', '19F11223'), fc.uint8Array({ maxLength: 8 }))
      .map(([id, bytes]) => `${id}#${Buffer.from(bytes).toString('hex')}`)
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 200 }), (frames) => {
        for (const text of heard(frames, 4).wholes) assert.ok((text.length - 9) / 2 <= 223)
      }),
    )
  })

  it('are known by their group: the declared ones, all of the proprietary range, and those that a DBC has', () => {
    assert.deepEqual([126_208, 126_720, 129_029, 130_816, 131_071].map(isFastPacket), [true, true, true, true, true])
    assert.deepEqual([126_992, 127_488, 129_025, 130_306, 61_444].map(isFastPacket), [
      false,
      false,
      false,
      false,
      false,
    ])
    const own = reassemblerOf({ protocol: 'nmea2000', onFault: assert.fail, fastPackets: new Set([129_025]) })
    assert.equal(own.take(frameOf('09F80123#0009223344556677')), undefined)
  })
})

describe('the messages of one bus', () => {
  it('of NMEA 2000 come in both ways, and those of the transport are no fast packets too', () => {
    const bus = reassemblerOf({ protocol: 'nmea2000', onFault: assert.fail })
    const bam = ['1CECFF23#20090002FF05F801', '1CEBFF23#0101020304050607', '1CEBFF23#020809FFFFFFFFFF']
    const wholes = [...bam, ...position].map((text) => bus.take(frameOf(text))).filter((each) => each !== undefined)
    assert.equal(wholes.length, 2)
    assert.equal(textOf(bus.take(frameOf('09F80123#0011223344556677')) ?? frameOf('000#')), '09F80123#0011223344556677')
  })

  it('of J1939 have no fast packets', () => {
    const bus = reassemblerOf({ protocol: 'j1939', onFault: assert.fail })
    const frame = frameOf(position[0] ?? '')
    assert.equal(bus.take(frame), frame)
  })
})
