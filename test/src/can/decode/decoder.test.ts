import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { compileDecoders, type DecodeCounts } from '../../../../src/can/index.js'
import { dbcOf, decoded, frameOf } from '../../../support/dbc.js'

const message = 'BO_ 291 Engine: 8 ECU'

/** The value of one signal, from its line behind the name and the bytes of a frame. */
function valueOf(line: string, hex: string, ...more: readonly string[]): unknown {
  return decoded(dbcOf(message, ` SG_ Speed : ${line} [0|0] "" Dash`, ...more), `123#${hex}`).record()['Speed']
}

describe('a decoder', () => {
  const values: readonly (readonly [
    what: string,
    line: string,
    hex: string,
    value: number | bigint,
    ...more: string[],
  ])[] = [
    ['a byte', '0|8@1+ (1,0)', 'fe', 254],
    ['a signed byte', '0|8@1- (1,0)', 'fe', -2],
    ['bits across bytes, little-endian', '4|12@1+ (1,0)', '5063', 0x635],
    ['bits across bytes, big-endian', '3|12@0+ (1,0)', 'a563', 0x563],
    ['one bit', '15|1@0+ (1,0)', '0080', 1],
    ['a signed big-endian number', '7|16@0- (1,0)', 'fffe', -2],
    ['32 bits off a byte boundary', '4|32@1+ (1,0)', 'f0ffffff0f', 0xffff_ffff],
    ['32 bits, signed, off a byte boundary', '3|32@0- (1,0)', '0ffffffff0', -1],
    ['53 bits', '3|53@1+ (1,0)', 'f8ffffffffffff00', Number.MAX_SAFE_INTEGER],
    ['64 bits that a double holds', '0|64@1- (1,0)', 'feffffffffffffff', -2],
    ['64 bits', '0|64@1+ (1,0)', 'ffffffffffffffff', 18446744073709551615n],
    ['64 bits, big-endian and signed', '7|64@0- (1,0)', '8000000000000001', -9223372036854775807n],
    ['a factor', '0|8@1+ (0.1,0)', '03', 0.3],
    ['a negative factor', '0|8@1+ (-0.5,10)', '05', 7.5],
    ['an offset', '0|8@1+ (1,-40)', '00', -40],
    ['no negative zero', '0|8@1+ (-1,0)', '00', 0],
    ['a factor of many digits', '0|8@1+ (0.0174532925199432957,0)', '01', 0.017453292519943295],
    ['64 bits with a factor', '0|64@1+ (2,1)', 'ffffffffffffffff', 36893488147419103231n],
    [
      '64 bits with a fractional factor that come out whole',
      '0|64@1+ (0.5,0)',
      'feffffffffffffff',
      9223372036854775807n,
    ],
    ['64 bits with a fractional factor', '0|64@1+ (0.001,-18446744073709551)', 'ffffffffffffffff', 0.615],
    ['64 bits with an offset that brings them near to 0', '0|64@1+ (1,-9223372036854775808)', '0100000000000080', 1],
    ['a float', '0|32@1- (1,0)', '0000c03f', 1.5, 'SIG_VALTYPE_ 291 Speed : 1;'],
    ['a big-endian float with a factor', '7|32@0- (2,1)', '3fc00000', 4, 'SIG_VALTYPE_ 291 Speed : 1;'],
    ['a float off a byte boundary', '4|32@1- (1,0)', '000000fc03', 1.5, 'SIG_VALTYPE_ 291 Speed : 1;'],
    ['a double', '0|64@1- (1,0)', '9a9999999999b93f', 0.1, 'SIG_VALTYPE_ 291 Speed : 2;'],
    ['a double with a factor', '0|64@1- (0.1,0)', '0000000000000840', 0.3, 'SIG_VALTYPE_ 291 Speed : 2;'],
    [
      'a double so great that only its value with the factor is one',
      '0|64@1- (0.0009765625,1)',
      'ffffffffffffef7f',
      Number.MAX_VALUE / 1024,
      'SIG_VALTYPE_ 291 Speed : 2;',
    ],
    ['a big-endian double', '7|64@0- (1,0)', 'bfb999999999999a', -0.1, 'SIG_VALTYPE_ 291 Speed : 2;'],
  ]
  for (const [what, line, hex, value, ...more] of values) {
    test(`reads ${what}`, () => {
      assert.deepEqual(valueOf(line, hex, ...more), value)
    })
  }

  test('reads the last bytes of a frame of 64, and signals longer than 64 bits', () => {
    const dbc = dbcOf(
      'BO_ 291 Long: 64 ECU',
      ' SG_ Last : 504|8@1+ (1,0) [0|0] ""',
      ' SG_ Mac : 439|72@0+ (1,0) [0|0] ""',
    )
    const { Last, Mac } = decoded(dbc, `123#${'00'.repeat(54)}${'ff'.repeat(9)}07`).record()
    assert.equal(Last, 7)
    assert.equal(Mac, 2n ** 72n - 1n)
  })

  test('gives the signals that are whole of a frame that is too short, and counts it', () => {
    const dbc = dbcOf(message, ' SG_ A : 0|8@1+ (1,0) [0|0] ""', ' SG_ B : 4|8@1+ (1,0) [0|0] ""')
    const decoders = compileDecoders([dbc])
    const decoder = decoders.find(frameOf('123#05'))
    decoder?.decode(frameOf('123#05'))
    assert.deepEqual(decoder?.record(), { A: 5 })
    decoder?.decode(frameOf('123#0560'))
    assert.deepEqual(decoder?.record(), { A: 5, B: 0 })
    assert.equal(decoders.counts.shortFrames, 1)
    assert.equal(decoders.counts.decoded, 2)
  })

  test('does not know frames that are remote, errors, or of another length of identifier', () => {
    const decoders = compileDecoders([dbcOf(message, ' SG_ A : 0|8@1+ (1,0) [0|0] ""')])
    assert.ok(decoders.find(frameOf('123#00')))
    assert.equal(decoders.find(frameOf('00000123#00')), undefined)
    assert.equal(decoders.find({ ...frameOf('123#'), remote: true }), undefined)
    assert.equal(decoders.find({ ...frameOf('123#00'), error: true }), undefined)
  })

  test('takes a message that several files have from the last', () => {
    const [one, other] = ['One', 'Other'].map((name) =>
      dbcOf(message, ` SG_ ${name} : 0|8@1+ (1,0) [0|0] ""`, 'BO_ 292 More: 8 ECU'),
    )
    assert.ok(one && other)
    const decoders = compileDecoders([one, other])
    const decoder = decoders.find(frameOf('123#01'))
    decoder?.decode(frameOf('123#01'))
    assert.deepEqual(decoder?.record(), { Other: 1 })
    assert.equal(decoders.decoders.length, 2)
  })
})

describe('multiplexed signals', () => {
  const simple = dbcOf(
    message,
    ' SG_ Plain : 0|8@1+ (1,0) [0|0] ""',
    ' SG_ A m1 : 24|8@1+ (1,0) [0|0] ""',
    ' SG_ Mode M : 8|12@1+ (1,0) [0|0] ""',
    ' SG_ B m300 : 24|16@1+ (1,0) [0|0] ""',
    ' SG_ Same m1 : 32|8@1+ (1,0) [0|0] ""',
    ' SG_ Same m300 : 40|8@1+ (1,0) [0|0] ""',
  )
  /** A selects B, B selects C; ranges, and a selector whose values have 16 bits. */
  const extended = dbcOf(
    message,
    ' SG_ C m2 : 32|8@1+ (1,0) [0|0] ""',
    ' SG_ B m0M : 16|16@1+ (1,0) [0|0] ""',
    ' SG_ A M : 0|16@1+ (10,0) [0|0] ""',
    ' SG_ D m0 : 40|8@1+ (1,0) [0|0] ""',
    'SG_MUL_VAL_ 291 B A 5-6, 1000-65535;',
    'SG_MUL_VAL_ 291 C B 512 - 513;',
    'SG_MUL_VAL_ 291 D A 7;',
  )
  const cases = [
    ['the group that the selector names', simple, '123#0501000201020304', { Plain: 5, Mode: 1, A: 2, Same: 1 }],
    ['selectors of more than 8 bits', simple, '123#052c010201020304', { Plain: 5, Mode: 300, B: 0x102, Same: 2 }],
    ['plain signals where the selector names no group', simple, '123#0502000000000000', { Plain: 5, Mode: 2 }],
    ['nothing of a group where the selector itself is cut off', simple, '123#05', { Plain: 5 }],
    ['nested groups', extended, '123#0500000209080000', { A: 50, B: 512, C: 9 }],
    ['ranges', extended, '123#ffff010209080000', { A: 655350, B: 513, C: 9 }],
    ['a group whose own selector names none', extended, '123#0500000309080000', { A: 50, B: 768 }],
    ['single values among ranges', extended, '123#0700000209080000', { A: 70, D: 8 }],
  ] as const
  for (const [what, dbc, frame, record] of cases) {
    test(`give ${what}`, () => {
      assert.deepEqual(dbc.problems, [])
      assert.deepEqual(decoded(dbc, frame).record(), record)
    })
  }

  test('count frames whose selector names no group', () => {
    const decoders = compileDecoders([simple])
    for (const frame of ['123#0502000000000000', '123#0501000000000000', '123#0503000000000000', '123#05'])
      decoders.find(frameOf(frame))?.decode(frameOf(frame))
    assert.equal(decoders.counts.unknownSelectors, 2)
    assert.equal(decoders.counts.shortFrames, 1)
  })

  test('that select one another are taken to be there always', () => {
    const dbc = dbcOf(
      message,
      ' SG_ A m0M : 0|8@1+ (1,0) [0|0] ""',
      ' SG_ B m0M : 8|8@1+ (1,0) [0|0] ""',
      'SG_MUL_VAL_ 291 A B 1-1;',
      'SG_MUL_VAL_ 291 B A 1-1;',
    )
    assert.match(dbc.problems.map(({ text }) => text).join(), /selects itself by way of others/)
    assert.deepEqual(decoded(dbc, '123#0101').record(), { A: 1, B: 1 })
  })
})

describe('signals of J1939', () => {
  const lines = [
    'BO_ 2364540158 EEC1: 8 Vector__XXX',
    ' SG_ EngineSpeed : 24|16@1+ (0.125,0) [0|8031.875] "rpm" Vector__XXX',
    ' SG_ ActualTorque : 16|8@1+ (1,-125) [-125|125] "%" Vector__XXX',
    ' SG_ TorqueMode : 0|4@1+ (1,0) [0|15] "" Vector__XXX',
    ' SG_ Switch : 4|2@1+ (1,0) [0|3] "" Vector__XXX',
  ]
  const dbc = dbcOf(...lines, 'BA_ "ProtocolType" "J1939";')

  test('are found by parameter group, whoever sends it and however urgent it is', () => {
    const decoder = decoded(dbc, '0CF00400#207D87481400F087')
    assert.deepEqual(decoder.record(), { EngineSpeed: 649, ActualTorque: 10, TorqueMode: 0, Switch: null })
    assert.equal(compileDecoders([dbc]).find(frameOf('0CF00500#00')), undefined)
    assert.ok(compileDecoders([dbc]).find(frameOf('18F004AB#00')))
  })

  test('are null where they say that they are not available or in error, which is counted', () => {
    const decoders = compileDecoders([dbc])
    const frame = frameOf('0CF00400#ff00feffffffffff')
    const decoder = decoders.find(frame)
    decoder?.decode(frame)
    assert.deepEqual(decoder?.record(), { EngineSpeed: null, ActualTorque: null, TorqueMode: null, Switch: null })
    assert.deepEqual(pick(decoders.counts), { notAvailable: 3, errors: 1 })
    frame.data.set([0x0d, 0, 0xfd, 0xff, 0xfd])
    decoder?.decode(frame)
    assert.deepEqual(decoder?.record(), { EngineSpeed: 0xfdff / 8, ActualTorque: 128, TorqueMode: 13, Switch: 0 })
    assert.deepEqual(pick(decoders.counts), { notAvailable: 3, errors: 1 })
  })

  test('are what an option says rather than the file', () => {
    const plain = dbcOf(...lines)
    assert.equal(compileDecoders([plain]).find(frameOf('0CF00400#00')), undefined)
    assert.equal(decoded(plain, '0CF00400#207DFF48FF00F087', { j1939: true }).record()['ActualTorque'], null)
    assert.equal(decoded(dbc, '0CF004FE#207DFF48FF00F087', { j1939: false }).record()['ActualTorque'], 130)
    assert.equal(compileDecoders([dbc], { j1939: false }).find(frameOf('0CF00400#00')), undefined)
  })

  test('of one group are told apart by source, where the file does so', () => {
    const two = dbcOf('BO_ 2565865488 First: 8 A', 'BO_ 2565865505 Second: 8 A', 'BA_ "ProtocolType" "J1939";')
    const decoders = compileDecoders([two])
    const names = ['18F00010#', '0CF00021#', '18F00099#'].map((frame) => decoders.find(frameOf(frame))?.message.name)
    assert.deepEqual(names, ['First', 'Second', 'First'])
    assert.equal(decoders.findGroup(0xf000, 0x21)?.message.name, 'Second')
  })

  function pick({ notAvailable, errors }: DecodeCounts): object {
    return { notAvailable, errors }
  }
})
