import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { type Dbc, type DbcSignal, parseDbc } from '../../../../src/can/index.js'
import { dbcOf, problemsOf } from '../../../support/dbc.js'

const message = 'BO_ 291 Engine: 8 ECU'
const signal = ' SG_ Speed : 0|8@1+ (1,0) [0|255] "km/h" Dash'

function only(dbc: Dbc): DbcSignal {
  const [first] = dbc.messages[0]?.signals ?? []
  assert.ok(first)
  return first
}

describe('a DBC file', () => {
  test('gives its messages with their signals', () => {
    const dbc = dbcOf(
      'VERSION "1.2"',
      'BU_: ECU Dash',
      message,
      ' SG_ Speed : 7|16@0- (0.5,-40) [-40|200] "km/h" Dash,ECU',
    )
    assert.equal(dbc.version, '1.2')
    assert.deepEqual(dbc.nodes, ['ECU', 'Dash'])
    const [{ id, extended, name, length, senders, line } = assert.fail()] = dbc.messages
    assert.deepEqual(
      { id, extended, name, length, senders, line },
      { id: 291, extended: false, name: 'Engine', length: 8, senders: ['ECU'], line: 3 },
    )
    const { start, length: bits, bigEndian, type, factor, offset, minimum, maximum, unit, receivers } = only(dbc)
    assert.deepEqual([start, bits, bigEndian, type, factor, offset], [7, 16, true, 'signed', 0.5, -40])
    assert.deepEqual([minimum, maximum, unit, receivers], [-40, 200, 'km/h', ['Dash', 'ECU']])
    assert.deepEqual(problemsOf(dbc), [])
  })

  test('has identifiers of 29 bits where bit 31 is set', () => {
    const dbc = dbcOf('BO_ 2566844672 CCVS: 8 Vector__XXX', signal)
    assert.equal(dbc.messages[0]?.id, 0x18fef100)
    assert.equal(dbc.messages[0]?.extended, true)
    assert.deepEqual(dbc.messages[0]?.senders, [])
  })

  test('has identifiers of 29 bits without bit 31 too, with a word about it', () => {
    const dbc = dbcOf('BO_ 419361024 CCVS: 8 ECU', signal, 'VAL_ 2566844672 Speed 1 "slow" ;')
    assert.equal(dbc.messages[0]?.extended, true)
    assert.deepEqual([...only(dbc).labels], [[1, 'slow']])
    assert.match(problemsOf(dbc).join(), /^1:5 identifier 419361024 is taken for one of 29 bits/)
  })

  const tolerated: readonly (readonly [what: string, ...lines: string[]])[] = [
    ['names that begin with digits', 'BO_ 291 2Engine: 8 3ECU', ' SG_ 1Speed : 0|8@1+ (1,0) [0|255] "km/h" 4Dash'],
    [
      'blanks where nobody writes any',
      'BO_  291\tEngine  :8   ECU',
      '\tSG_ Speed:0 | 8 @ 1 + ( 1 , 0 )[ 0|255 ]"km/h"Dash , ECU',
    ],
    ['lines that begin anywhere', `   ${message}`, signal.trim()],
    ['a byte order mark', `\ufeff${message}`, signal],
    ['no-break spaces', message.replaceAll(' ', '\u00a0'), signal.replaceAll(' ', '\u00a0')],
    ['numbers with plus signs and exponents', message, ' SG_ Speed : 0|8@1+ (+1,-0e-5) [0|2.55E+2] "km/h" Dash'],
    ['no sender and no receivers', 'BO_ 291 Engine: 8', ' SG_ Speed : 0|8@1+ (1,0) [0|255] "km/h"'],
    ['all in one line', `${message} ${signal} SG_ Other : 8|8@1+ (1,0) [0|0] "" Dash`],
    ['semicolons behind signals', `${message};`, `${signal};`],
    ['comments of another language', '// made by hand', message, `${signal} // km/h`],
    [
      'environment variables',
      message,
      signal,
      'EV_ Light: 0 [0|1] "" 0 2 DUMMY_NODE_VECTOR0 Vector__XXX;',
      'ENVVAR_DATA_ Light: 1;',
    ],
    ['groups of signals', message, signal, 'SIG_GROUP_ 291 Group 1 : Speed;'],
    [
      'relations',
      message,
      signal,
      'BA_DEF_REL_ BU_SG_REL_ "Timeout" INT 0 100;',
      'BA_REL_ "Timeout" BU_SG_REL_ Dash SG_ 291 Speed 5;',
    ],
    ['the list of NS_', 'NS_ :', '\tNS_DESC_', '\tCM_', '\tBA_DEF_', '\tVAL_', '', 'BS_:', message, signal],
    ['commas between texts', message, signal, 'VAL_ 291 Speed 0 "stop", 1 "go", 2 "fast" ;'],
    [
      'words of the format as names',
      'BO_ 291 FILTER: 8 ECU',
      signal,
      'BO_ 292 VERSION: 8 ECU',
      ' SG_ CAT_ : 0|8@1+ (1,0) [0|0] ""',
      'VAL_ 292 CAT_ 1 "x" ;',
    ],
    ['the list of NS_ in one line', 'NS_ : NS_DESC_ CM_ BA_DEF_', 'BS_ : 500', message, signal],
  ]
  for (const [what, ...lines] of tolerated) {
    test(`may have ${what}`, () => {
      for (const ending of ['\n', '\r\n', '\r']) {
        const dbc = parseDbc(Buffer.from(lines.join(ending)), 'test.dbc')
        assert.deepEqual(problemsOf(dbc), [])
        assert.equal(dbc.messages[0]?.id, 291)
        assert.match(only(dbc).name, /^1?Speed$/)
        assert.equal(only(dbc).length, 8)
        assert.equal(only(dbc).unit, 'km/h')
      }
    })
  }

  test('is read as Windows-1252, or as UTF-8 where it is that', () => {
    const text = `${message}\n${signal.replace('km/h', '°C')}\nCM_ SG_ 291 Speed "5 €";`
    const windows = Buffer.from(text.replace('€', '\u0080'), 'latin1')
    for (const bytes of [windows, Buffer.from(text), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      assert.equal(only(parseDbc(bytes, 'test.dbc')).unit, '°C')
      assert.equal(only(parseDbc(bytes, 'test.dbc')).comment, '5 €')
    }
  })

  test('has comments with line breaks and quotes in them', () => {
    const dbc = dbcOf(
      message,
      signal,
      'CM_ "of all";',
      'CM_ BU_ Dash "node";',
      'CM_ BO_ 291 "first',
      'BO_ 1 of two";',
      'CM_ SG_ 291 Speed "say \\"hi\\"; C:\\dir";',
    )
    assert.deepEqual(problemsOf(dbc), [])
    assert.equal(dbc.comment, 'of all')
    assert.equal(dbc.messages[0]?.comment, 'first\nBO_ 1 of two')
    assert.equal(only(dbc).comment, 'say "hi"; C:\\dir')
  })

  test('has texts for raw values, of signals and by the name of a table', () => {
    const dbc = dbcOf(
      'VAL_TABLE_ OnOff 1 "on" 0 "off" ;',
      message,
      signal,
      ' SG_ Lamp : 8|8@1- (1,0) [0|0] "" Dash',
      'VAL_ 291 Speed 255 "" -1 "back" 18446744073709551615 "gone" ;',
      'VAL_ 291 Lamp OnOff ;',
      'VAL_ Light 1 "variable";',
    )
    assert.deepEqual(problemsOf(dbc), [])
    assert.deepEqual(
      [...only(dbc).labels],
      [
        [255, ''],
        [-1, 'back'],
        [18446744073709551615n, 'gone'],
      ],
    )
    assert.deepEqual(
      [...(dbc.messages[0]?.signals[1]?.labels ?? [])],
      [
        [1, 'on'],
        [0, 'off'],
      ],
    )
  })

  test('has more senders, cycle times, start values and long names', () => {
    const dbc = dbcOf(
      message,
      signal,
      'BO_TX_BU_ 291 : ECU,Dash;',
      'BA_DEF_ BO_ "GenMsgCycleTime" INT 0 65535;',
      'BA_DEF_DEF_ "GenMsgCycleTime" 0;',
      'BA_ "GenMsgCycleTime" BO_ 291 100;',
      'BA_ "GenSigStartValue" SG_ 291 Speed 7;',
      'BA_ "SystemMessageLongSymbol" BO_ 291 "EngineOfTheCar";',
      'BA_ "SystemSignalLongSymbol" SG_ 291 Speed "SpeedOverGround";',
      'BA_ "BusType" "CAN FD";',
    )
    assert.deepEqual(problemsOf(dbc), [])
    assert.equal(dbc.attributes.get('BusType'), 'CAN FD')
    const [{ name, senders, cycleMs } = assert.fail()] = dbc.messages
    assert.deepEqual({ name, senders, cycleMs }, { name: 'EngineOfTheCar', senders: ['ECU', 'Dash'], cycleMs: 100 })
    assert.equal(only(dbc).name, 'SpeedOverGround')
    assert.equal(only(dbc).startValue, 7)
  })

  test('says by VFrameFormat which messages are of CAN FD and which of J1939', () => {
    const formats =
      '"StandardCAN","ExtendedCAN","reserved","J1939PG","r","r","r","r","r","r","r","r","r","r","StandardCAN_FD","ExtendedCAN_FD"'
    const dbc = dbcOf(
      ...[1, 2147483650, 2147483651].map((number) => `BO_ ${number} M${number}: 8 ECU`),
      `BA_DEF_ BO_ "VFrameFormat" ENUM ${formats};`,
      'BA_DEF_DEF_ "VFrameFormat" "StandardCAN";',
      'BA_ "VFrameFormat" BO_ 1 14;',
      'BA_ "VFrameFormat" BO_ 2147483650 3;',
    )
    assert.deepEqual(
      dbc.messages.map(({ fd, j1939 }) => [fd, j1939]),
      [
        [true, 'no'],
        [false, 'yes'],
        [false, 'no'],
      ],
    )
  })

  test('says by ProtocolType that it is of J1939', () => {
    const dbc = dbcOf('BO_ 2147483650 M: 8 ECU', message, 'BA_ "ProtocolType" "J1939";')
    assert.deepEqual(
      dbc.messages.map(({ j1939 }) => j1939),
      ['yes', 'no'],
    )
  })

  test('keeps signals that belong to no message to itself', () => {
    const dbc = dbcOf(
      'BO_ 3221225472 VECTOR__INDEPENDENT_SIG_MSG: 0 Vector__XXX',
      signal,
      message,
      signal,
      'CM_ SG_ 3221225472 Speed "old";',
    )
    assert.deepEqual(problemsOf(dbc), [])
    assert.deepEqual(
      dbc.messages.map(({ name }) => name),
      ['Engine'],
    )
  })
})
