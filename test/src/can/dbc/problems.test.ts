import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { parseDbc } from '../../../../src/can/index.js'
import { dbcOf, problemsOf } from '../../../support/dbc.js'

const message = 'BO_ 291 Engine: 8 ECU'
const signal = ' SG_ Speed : 0|8@1+ (1,0) [0|255] "km/h" Dash'
const other = ' SG_ Other : 8|8@1+ (1,0) [0|255] "" Dash'

/** Lines of which one is broken; the signal `Other` must be there all the same. */
const broken: readonly (readonly [what: string, problem: string, ...lines: string[]])[] = [
  [
    'a signal without a colon',
    '2:12 SG_: expected ":", got "|"',
    message,
    ' SG_ Speed |8@1+ (1,0) [0|1] "" Dash',
    other,
  ],
  [
    'a signal without bits',
    '2:16 SG_: expected a length in bits from 1 to 512, got 0',
    message,
    ' SG_ Speed : 0|0@1+ (1,0) [0|1] "" Dash',
    other,
  ],
  [
    'a byte order that is none',
    '2:18 SG_: expected a byte order and a sign such as 1+, got "2+"',
    message,
    ' SG_ Speed : 0|8@2+ (1,0) [0|1] "" Dash',
    other,
  ],
  [
    'a factor that is no number',
    '2:22 SG_: expected a factor, got "one"',
    message,
    ' SG_ Speed : 0|8@1+ (one,0) [0|1] "" Dash',
    other,
  ],
  ['a decimal comma', '2:25 SG_: expected ")", got ","', message, ' SG_ Speed : 0|8@1+ (0,5,0) [0|1] "" Dash', other],
  [
    'a minimum above the maximum',
    '2:27 the minimum 5 is above the maximum 1',
    message,
    ' SG_ Speed : 0|8@1+ (1,0) [5|1] "" Dash',
    other,
  ],
  [
    'bounds that are no numbers',
    '2:28 expected a number as bound, got "-1.#INF"',
    message,
    ' SG_ Speed : 0|8@1+ (1,0) [-1.#INF|1] "" Dash',
    other,
  ],
  [
    'no sign',
    '2:18 there is no sign: the signal is taken for unsigned',
    message,
    ' SG_ Speed : 0|8@1 (1,0) [0|1] "" Dash',
    other,
  ],
  [
    'a signal in front of all messages',
    '1:6 SG_: expected a message in front of signal "Speed"',
    signal.slice(0),
    message,
    other,
  ],
  ['an unknown word', '2:1 expected a statement, got "HELLO"', message, 'HELLO world', other],
  [
    'a message without an identifier',
    '1:5 BO_: expected the number of a message, got "x"',
    'BO_ x X: 8 ECU',
    signal,
    message,
    other,
  ],
  [
    'texts of an unknown signal',
    '3:6 VAL_: expected a signal of message "Engine", got "Nobody"',
    message,
    other,
    'VAL_ 291 Nobody 1 "x" ;',
  ],
  [
    'texts of an unknown message',
    '3:6 VAL_: expected a message of this file, got number 7',
    message,
    other,
    'VAL_ 7 Nobody 1 "x" ;',
  ],
  ['a comment without a semicolon', '3:16 CM_: there is no ";" at its end', message, other, 'CM_ "no signal"', 'BS_:'],
  [
    'bounds with a decimal comma',
    '2:31 expected bounds such as [0|255], got ","',
    message,
    signal.replace(/\[.*\]/, '[0|1,5]'),
    other,
  ],
  [
    'no bounds in brackets',
    '2:28 expected bounds such as [0|255], got "]"',
    message,
    signal.replace(/\[.*\]/, '[]'),
    other,
  ],
  [
    'bounds without an end',
    '2:34 expected bounds such as [0|255], got "text km/h"',
    message,
    signal.replace(/\[.*\]/, '[0|200'),
    other,
  ],
  [
    'a type of value that does not fit',
    '3:14 float takes 32 bits, got 8 of "Other", which is taken for an integer',
    message,
    other,
    'SIG_VALTYPE_ 291 Other : 1;',
  ],
  [
    'a type of value of another length',
    '3:14 double takes 64 bits, got 32 of "Other", which is taken for a float',
    message,
    other.replace('8|8', '8|32'),
    'SIG_VALTYPE_ 291 Other : 2;',
  ],
  [
    'a signal that reaches beyond its message',
    '2:6 signal "Speed" takes 9 bytes, got 8 of message "Engine"',
    message,
    signal.replace('0|8', '60|8'),
    other,
  ],
  [
    'a big-endian signal that reaches beyond its message',
    '2:6 signal "Speed" takes 9 bytes, got 8 of message "Engine"',
    message,
    signal.replace('0|8@1', '59|8@0'),
    other,
  ],
  [
    'a multiplexed signal that nothing selects',
    '2:6 no signal selects "Speed", which is taken to be there always',
    message,
    signal.replace(' :', ' m1 :'),
    other,
  ],
  [
    'a signal twice',
    '2:6 signal "Speed" is there again in line 3, and replaced by that',
    message,
    signal,
    signal,
    other,
  ],
  [
    'a message twice',
    '3:5 message "Engine" has the identifier of "Engine" in line 1, and replaces it',
    message,
    signal,
    message,
    other,
  ],
]

describe('what a DBC file has wrong is told with its place, and the rest is read', () => {
  for (const [what, problem, ...lines] of broken) {
    test(what, () => {
      const dbc = dbcOf(...lines)
      assert.deepEqual(problemsOf(dbc), [problem])
      const names = dbc.messages.flatMap(({ signals }) => signals.map(({ name }) => name))
      assert.ok(names.includes('Other'), names.join())
      assert.equal(dbc.messages[0]?.name, 'Engine')
    })
  }

  test('columns count characters, of files in Windows-1252 too', () => {
    const text = `${message}\n SG_ Ölöl : 0|8@1+ (1,0) [0|1]"°" "x"`
    for (const bytes of [Buffer.from(text), Buffer.from(text, 'latin1'), Buffer.from(`\ufeff${text}`, 'utf16le')])
      assert.deepEqual(problemsOf(parseDbc(bytes, 'test.dbc')), ['2:35 SG_: expected ";", got "text x"'])
  })

  test('a line that is very long has its columns in bytes', () => {
    const line = `HELLO "${'é'.repeat(40_000)}"; HELLO ;`
    assert.deepEqual(problemsOf(dbcOf(line)), [
      '1:1 expected a statement, got "HELLO"',
      '1:80011 expected a statement, got "HELLO"',
    ])
  })

  test('a text without an end takes nothing with it but its line', () => {
    const dbc = dbcOf(message, signal, 'CM_ BO_ 291 "no end;', 'CM_ SG_ 291 Speed "good";', 'VAL_ 291 Speed 1 "slow" ;')
    assert.equal(dbc.messages[0]?.signals[0]?.comment, 'good')
    assert.equal(dbc.messages[0]?.signals[0]?.labels.get(1), 'slow')
    assert.equal(dbc.problems[0]?.line, 4)
  })

  test('a unit without an end takes neither its signal nor the next with it', () => {
    const dbc = dbcOf(message, signal.replace(/"[^"]*"/, '"km/h'), other, 'VAL_ 291 Other 1 "slow" ;')
    const signals = dbc.messages[0]?.signals ?? []
    assert.deepEqual(
      signals.map(({ name, unit, labels }) => [name, unit, labels.get(1)]),
      [
        ['Speed', '', undefined],
        ['Other', '', 'slow'],
      ],
    )
    assert.deepEqual(problemsOf(dbc), ['2:35 SG_: expected a quote at the end of this unit'])
  })

  test('a text without an end takes no other away, even where no quote follows', () => {
    const dbc = dbcOf(message, signal, 'CM_ BO_ 291 "no end;', 'VAL_ 291 Speed 1 "";')
    assert.equal(dbc.messages[0]?.signals[0]?.labels.get(1), '')
    assert.deepEqual(
      dbc.problems.map(({ line }) => line),
      [4],
    )
  })

  test('a stray quote before a comment takes none of the statements behind it away', () => {
    const long = ' SG_ Speed : 0|32@1+ (1,0) [0|0] "" Dash'
    const comment = ['"CM_ SG_ 291 Speed "one', 'two";']
    const dbc = dbcOf(message, long, ...comment, 'SIG_VALTYPE_ 291 Speed : 1;', 'BA_DEF_ BO_ "X" INT 0 1;')
    assert.equal(dbc.messages[0]?.signals[0]?.type, 'float')
  })

  test('a text without an end at the end of the file is told', () => {
    const dbc = dbcOf(message, signal, 'CM_ BO_ 291 "no end;')
    assert.deepEqual(problemsOf(dbc), ['3:13 CM_: expected a quote at the end of this text, got the end of the file'])
    assert.equal(dbc.messages[0]?.signals.length, 1)
  })

  test('a second message without signals does not take those of the first away', () => {
    const dbc = dbcOf(message, signal, 'BO_ 291 Empty: 8 ECU', 'VAL_ 291 Speed 1 "slow" ;')
    assert.deepEqual(
      dbc.messages.map(({ name, signals }) => [name, signals.length]),
      [['Engine', 1]],
    )
    assert.deepEqual(problemsOf(dbc), [])
  })

  test('problems beyond a thousand are only counted', () => {
    const { problems, problemCount } = dbcOf(...Array.from({ length: 3000 }, () => 'HELLO ;'))
    assert.equal(problems.length, 1000)
    assert.equal(problemCount, 3000)
  })

  test('a file that wants too much memory is read up to there', () => {
    const lines = Array.from({ length: 150_000 }, (_none, index) => ` SG_ S${index} : 0|8@1+ (1,0) [0|1] ""`)
    const dbc = parseDbc(Buffer.from([message, ...lines].join('\n')), 'test.dbc')
    assert.ok((dbc.messages[0]?.signals.length ?? 0) > 100_000)
    assert.ok((dbc.messages[0]?.signals.length ?? 0) < 130_000)
    assert.match(dbc.problems[0]?.text ?? '', /expected a smaller file/)
  })

  test('a file that is too long is not read', () => {
    const dbc = parseDbc(Buffer.alloc(64 * 1024 * 1024 + 1, ' '), 'test.dbc')
    assert.deepEqual(problemsOf(dbc), ['1:1 expected at most 67108864 bytes, got 67108865'])
  })
})
