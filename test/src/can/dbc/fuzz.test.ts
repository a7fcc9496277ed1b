import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { compileDecoders, type Dbc, emptyFrame, parseDbc } from '../../../../src/can/index.js'
import { hasOracle, oracleFiles } from '../../../support/can-oracle.js'

const statements = [
  'VERSION "1"',
  'NS_ :\n\tCM_\n\tBA_\n',
  'BU_: A B',
  'BO_ 291 Engine: 8 ECU',
  ' SG_ Mode M : 0|4@1+ (1,0) [0|15] "" A',
  ' SG_ Speed m1 : 7|16@0- (0.5,-40) [0|255] "km/h" A,B',
  ' SG_ Level m2M : 16|8@1+ (1e-3,0) [0|0] "%" B',
  ' SG_ Long : 0|64@1- (0.1,5) [0|0] "" B',
  'BO_ 2566844672 CCVS: 8 ECU',
  'SG_MUL_VAL_ 291 Speed Level 1-3, 5-5;',
  'VAL_TABLE_ OnOff 1 "on" 0 "off" ;',
  'VAL_ 291 Speed 255 "none" -1 "back" ;',
  'SIG_VALTYPE_ 291 Long : 2;',
  'CM_ SG_ 291 Speed "two\nlines, \\"quoted\\"";',
  'BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN","reserved","J1939PG";',
  'BA_DEF_DEF_ "VFrameFormat" "StandardCAN";',
  'BA_ "VFrameFormat" BO_ 2566844672 3;',
  'BA_ "SystemSignalLongSymbol" SG_ 291 Speed "Level";',
  'BO_TX_BU_ 291 : A,B;',
]
const pieces = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...statements) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...Array.from('"\\;:,|@()[] \n\r\t-+01M'), 'm0M', 'SG_', 'BO_', 'VAL_', '1e999', '-'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 5, unit: 'binary' }) },
)
const texts = fc
  .array(pieces, { maxLength: 40 })
  .chain((parts) => fc.constantFrom('', ' ', '\n').map((glue) => parts.join(glue)))

/** Whatever was read of a file can be compiled, and decodes any frame; records have each field once. */
function useAll(dbc: Dbc, data: Uint8Array): void {
  for (const options of [{}, { labels: 'both', j1939: true }] as const) {
    const decoders = compileDecoders([dbc, dbc], options)
    for (const decoder of decoders.decoders) {
      const frame = { ...emptyFrame(), length: data.length }
      frame.data.set(data)
      decoder.decode(frame)
      assert.equal(Object.keys(decoder.record()).length, decoder.fieldCount, decoder.message.name)
    }
  }
}

/** Bytes of a file replaced, taken away, doubled. */
function mutate(bytes: Uint8Array, changes: readonly (readonly [number, number, number])[]): Uint8Array {
  let text = Buffer.from(bytes)
  for (const [at, kind, byte] of changes) {
    const from = at % Math.max(1, text.length)
    const cut = kind === 1 ? byte % 32 : 0
    const added = kind === 2 ? text.subarray(from, from + byte) : Buffer.from(kind === 0 ? [byte] : [])
    text = Buffer.concat([text.subarray(0, from), added, text.subarray(from + (kind === 0 ? 1 : cut))])
  }
  return text
}

const changes = fc.array(fc.tuple(fc.nat(1_000_000), fc.nat(2), fc.nat(255)), { minLength: 1, maxLength: 8 })
const frameData = fc.uint8Array({ maxLength: 64 })

describe('a DBC file with anything in it', () => {
  test('is read without an error, and what was read decodes', () => {
    fc.assert(
      fc.property(texts, frameData, (text, data) => useAll(parseDbc(Buffer.from(text), 'fuzz.dbc'), data)),
      { numRuns: 200 },
    )
  })

  test('that was damaged is read without an error, and what was read decodes', () => {
    const whole = Buffer.from(statements.join('\n'))
    fc.assert(
      fc.property(changes, frameData, (list, data) => useAll(parseDbc(mutate(whole, list), 'fuzz.dbc'), data)),
      { numRuns: 200 },
    )
  })

  test('that is real and was damaged keeps most of its messages', { skip: !hasOracle && 'there is no oracle' }, () => {
    const files = oracleFiles().filter(({ dbc }) => dbc.length < 20_000)
    const names = fc.constantFrom(...files.map(({ name }) => name))
    fc.assert(
      fc.property(names, changes, frameData, (name, list, data) => {
        const { dbc } = files.find((file) => file.name === name) ?? assert.fail()
        const before = parseDbc(dbc, 'fuzz.dbc').messages.length
        const after = parseDbc(mutate(dbc, list), 'fuzz.dbc')
        assert.ok(after.messages.length >= before - 3 * list.length, `${after.messages.length} of ${before}`)
        useAll(after, data)
      }),
      { numRuns: 60 },
    )
  })

  /** 128 KiB of each: what costs the square of its length would take far longer. */
  const message = 'BO_ 1 M: 8 E\n'
  const hostile: readonly (readonly [what: string, head: string, repeated: string])[] = [
    ['texts without an end', '', 'CM_ "x\n'],
    ['escaped quotes', 'CM_ "', '\\"\n'],
    ['texts that end in other statements', 'VAL_ 1 x 0 "a" 1 "b\n', 'VAL_ 1 x 0 " 5 "\n'],
    ['one long word', '', 'a'],
    ['one long number', `${message} SG_ a : 0|8@1+ (`, '9'],
    ['one long raw value', `${message} SG_ a : 0|8@1+ (1,0) [0|0] ""\nVAL_ 1 a `, '9'],
    ['ranges that go on', `${message} SG_ a m1 : 0|8@1+ (1,0) [0|0] ""\nSG_MUL_VAL_ 1 a b `, '1 - '],
    ['the same signal', message, ' SG_ a m1 : 0|8@1+ (1,0) [0|0] ""\n'],
    ['the same message', '', message],
    [
      'texts of a signal that is there often',
      message + ' SG_ a m1 : 0|8@1+ (1,0) [0|0] ""\n'.repeat(4000),
      'VAL_ 1 a 1 "x";\n',
    ],
    ['marks', '', ':;,|@()[]'],
  ]
  for (const [what, head, repeated] of hostile) {
    test(`costs no more than its length: ${what}`, () => {
      const bytes = Buffer.from(head + repeated.repeat((1 << 17) / repeated.length))
      const before = process.cpuUsage()
      parseDbc(bytes, 'hostile.dbc')
      const { user } = process.cpuUsage(before)
      assert.ok(user < 4_000_000, `${user} µs`)
    })
  }

  test('costs no more than its length: senders that are all different', () => {
    const lines = Array.from({ length: 25_000 }, (_none, index) => `BO_TX_BU_ 1 : n${index};`)
    const dbc = parseDbc(Buffer.from(message + lines.join('\n')), 'hostile.dbc')
    assert.equal(dbc.messages[0]?.senders.length, lines.length + 1)
  })
})
