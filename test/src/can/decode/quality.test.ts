import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { compileDecoders, type QualityRule } from '../../../../src/can/index.js'
import { checksumOf } from '../../../../src/can/decode/checksums.js'
import { dbcOf, frameOf } from '../../../support/dbc.js'

const dbc = dbcOf(
  'BO_ 291 Brake: 8 ECU',
  ' SG_ Crc : 0|8@1+ (1,0) [0|0] ""',
  ' SG_ Count : 8|4@1+ (1,0) [0|0] ""',
  ' SG_ Pressure : 16|16@1+ (1,0) [0|0] ""',
  ' SG_ Signed : 32|8@1- (1,0) [0|0] ""',
)

/** The quality of each frame, and what was counted in all. */
function judged(rule: Omit<QualityRule, 'message'>, ...frames: readonly string[]) {
  const decoders = compileDecoders([dbc], { quality: [{ message: 'Brake', ...rule }] })
  const qualities = frames.map((text) => {
    const frame = frameOf(text)
    const decoder = decoders.find(frame)
    decoder?.decode(frame)
    return decoder?.quality
  })
  const { counterJumps, wrongChecksums } = decoders.counts
  return { qualities, counterJumps, wrongChecksums }
}

describe('the quality of a frame', () => {
  test('is counter where frames are missing in front of it, or it came again', () => {
    assert.deepEqual(
      judged({ counter: 'Count' }, '123#000e', '123#000f', '123#0000', '123#0002', '123#0003', '123#0003'),
      {
        qualities: ['good', 'good', 'good', 'counter', 'good', 'counter'],
        counterJumps: 2,
        wrongChecksums: 0,
      },
    )
  })

  test('knows counters that begin again early', () => {
    assert.deepEqual(judged({ counter: 'Count', modulo: 15 }, '123#000e', '123#0000', '123#000f').qualities, [
      'good',
      'good',
      'counter',
    ])
  })

  test('is checksum where the bytes are not what was sent, and such a frame does not count', () => {
    const rule = { counter: 'Count', checksum: { signal: 'Crc', algorithm: 'xor' } } as const
    assert.deepEqual(judged(rule, '123#0101', '123#0002', '123#0103', '123#0202', '123#').qualities, [
      'good',
      'checksum',
      'checksum',
      'good',
      'checksum',
    ])
    assert.equal(judged(rule, '123#0101', '123#0002').wrongChecksums, 1)
  })

  test('can leave bytes out of a checksum, and put an identifier of the data in', () => {
    const rule = { checksum: { signal: 'Crc', algorithm: 'sum', from: 1, to: 3, dataIds: [0x10] } } as const
    assert.deepEqual(judged(rule, '123#130102ff', '123#140102ff').qualities, ['good', 'checksum'])
  })

  test('takes the identifier of the data by the counter where there are several', () => {
    const rule = { counter: 'Count', checksum: { signal: 'Crc', algorithm: 'sum', dataIds: [0x10, 0x20] } } as const
    assert.deepEqual(judged(rule, '123#1000', '123#2101', '123#1101').qualities, ['good', 'good', 'checksum'])
  })

  test('is refused where a rule does not fit its message', () => {
    const refused: readonly (readonly [QualityRule, RegExp])[] = [
      [{ message: 'Brakes' }, /expected a message of the DBC files, got "Brakes"; did you mean "Brake"\?/],
      [{ message: 'Brake', counter: 'Counter' }, /message Brake: expected a signal of it, got "Counter"/],
      [
        { message: 'Brake', counter: 'Signed' },
        /expected an unsigned integer of 32 bits at most, got "Signed", signed, 8 bits/,
      ],
      [
        { message: 'Brake', checksum: { signal: 'Count', algorithm: 'sum' } },
        /expected a checksum of 8 bits, got "Count"/,
      ],
    ]
    for (const [rule, message] of refused)
      assert.throws(() => compileDecoders([dbc], { quality: [rule] }), { code: 'CAN_QUALITY', message })
  })

  test('has the checksums of AUTOSAR by their check values', () => {
    const data = Buffer.from('123456789')
    const all = { from: 0, to: data.length, without: -1, suffix: -1 }
    // AUTOSAR, "Specification of CRC Routines", 7.2.1: the result over "123456789" of each.
    assert.equal(checksumOf('crc8_j1850', data, all), 0x4b)
    assert.equal(checksumOf('crc8_h2f', data, all), 0xdf)
    assert.equal(checksumOf('xor', data, all), 0x31)
    assert.equal(checksumOf('sum', data, all), 0xdd)
  })
})
