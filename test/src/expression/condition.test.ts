import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventRecord, Value } from '../../../src/event/event.js'
import { compileCondition, conditionOf } from '../../../src/expression/index.js'
import { values as anyValue } from '../../support/arbitraries.js'

const record: EventRecord = {
  speed: 80,
  limit: 50.5,
  gear: 'D',
  brake: true,
  lights: false,
  on: 1,
  off: 0,
  none: null,
  big: 2n ** 60n,
  list: ['P', 3, true],
  text: 'Brake pressed\nhard',
  engine: { speed: 900, 'oil temp': 95, cylinders: [80, 81] },
  'engine.load': 30,
  'a-b': 7,
  bytes: Buffer.from('abc'),
}

const cases: readonly (readonly [condition: string, holds: boolean])[] = [
  ['speed > 79.5', true],
  ['speed > 80', false],
  ['speed >= 80', true],
  ['speed < 80', false],
  ['speed <= 80', true],
  ['speed == 80.0', true],
  ['speed != 80', false],
  ['speed != 0x50', false],
  ['speed == 8e1', true],
  ['80 == speed', true],
  ['gear == "D"', true],
  ["gear == 'D'", true],
  ['gear != "D"', false],
  ['gear > "C"', true],
  ['brake', true],
  ['not brake', false],
  ['!lights', true],
  ['brake == true', true],
  ['lights == false', true],
  ['on', true],
  ['off', false],
  ['none', false],
  ['gear', false],
  ['missing', false],
  ['not missing', true],
  ['speed > 5 and gear == "D"', true],
  ['speed > 5 && gear == "P"', false],
  ['speed < 5 or gear == "D"', true],
  ['speed < 5 || gear == "P"', false],
  ['false and false or true', true],
  ['false and (false or true)', false],
  ['not false and false', false],
  ['not (false and false)', true],
  ['not not brake', true],
  ['1 + 2 * 3 == 7', true],
  ['(1 + 2) * 3 == 9', true],
  ['10 - 4 - 3 == 3', true],
  ['20 / 2 / 5 == 2', true],
  ['7 % 4 == 3', true],
  ['-speed == 0 - 80', true],
  ['--speed == 80', true],
  ['speed - limit > 29', true],
  ['speed-limit > 29', true],
  ['speed / off > 1', true],
  ['off / off == off / off', false],
  ['off / off', false],
  ['big == 1152921504606846976', true],
  ['big > 5', true],
  ['big + 1 > 5', true],
  ['engine.speed > 800', true],
  ['engine.load == 30', true],
  ['engine.none == null', true],
  ["engine['oil temp'] == 95", true],
  ["$engine['oil temp'] == 95", true],
  ["$engine['cylinders'][1] == 81", true],
  ['engine["cylinders"][2] == null', true],
  ["$['a-b'] == 7", true],
  ['$a-b == 7', true],
  ['$TAG == "vehicle.can0"', true],
  ['$TAG[1] =~ "^can"', true],
  ['gear in ["P", "D"]', true],
  ['gear in ["P", "N"]', false],
  ['speed in [79 + 1]', true],
  ['missing in ["P"]', false],
  ['"P" in list', true],
  ['3 in list', true],
  ['"3" in list', false],
  ['"P" in gear', false],
  ['text =~ "^Brake"', true],
  ['text matches "^hard$"', true],
  ['text =~ "/BRAKE/i"', true],
  [String.raw`speed =~ "^\d+$"`, true],
  [String.raw`'say "a"' =~ "say \"a\""`, true],
  ['engine =~ "."', false],
  ['missing =~ "."', false],
  [String.raw`"a\tb\"" == 'a	b"'`, true],
  ['missing == null', true],
  ['none == null', true],
  ['null == none', true],
  ['speed == null', false],
  ['speed != null', true],
  ['missing != null', false],
  ['speed < null', false],
  ['__proto__ == null', true],
  ['constructor == null', true],
]

test('a condition holds or not by what stands in the fields', () => {
  assert.ok(cases.length > 70)
  for (const [text, holds] of cases) {
    assert.equal(conditionOf('when', text)({ tag: 'vehicle.can0', record }), holds, text)
  }
})

const mismatches = ['gear', 'none', 'missing', 'engine', 'list', 'brake', 'bytes']

test('a comparison of two types is false, whichever it is', () => {
  for (const field of mismatches) {
    for (const sign of ['==', '!=', '<', '<=', '>', '>=']) {
      for (const text of [`${field} ${sign} 1`, `1 ${sign} ${field}`, `${field} + 1 ${sign} 1`]) {
        assert.equal(conditionOf('when', text)({ tag: 'a', record }), false, text)
      }
    }
  }
})

const wrong: readonly (readonly [text: string, message: string])[] = [
  ['', 'when: column 1: expected a field, a number, a text or (, got the end'],
  ['speed >', 'when: column 8: expected a field, a number, a text or (, got the end'],
  ['speed > )', 'when: column 9: expected a field, a number, a text or (, got ")"'],
  ['(speed > 5', 'when: column 11: expected ), got the end'],
  ['speed = 5', 'when: column 7: expected == or =~, got "="'],
  ['speed > 5 gear', 'when: column 11: expected an operator or the end, got "gear"'],
  ['1 < 2 < 3', 'when: column 7: expected an operator or the end, got "<"'],
  ['speed > 5 # fast', 'when: column 11: expected a value or an operator, got "#"'],
  ['gear == "D', 'when: column 9: expected a closing ", got the end'],
  ['gear =~ D', 'when: column 9: expected a pattern in quotes, got "D"'],
  ['gear =~ "("', 'when: column 9: regular expression "(": expected a closing parenthesis, got "the end"'],
  ['gear in ["D"', 'when: column 13: expected ], got the end'],
  ['gear in []', 'when: column 10: expected a field, a number, a text or (, got "]"'],
  ['and', 'when: column 1: expected a field, a number, a text or (, got "and"'],
  ['speed > and', 'when: column 9: expected a field, a number, a text or (, got "and"'],
  ['speed > 😀', 'when: column 9: expected a value or an operator, got "😀"'],
  [`${'('.repeat(33)}1`, 'when: column 34: expected at most 32 levels, got "1"'],
  [`${'-'.repeat(33)}1`, 'when: column 34: expected at most 32 levels, got "1"'],
  [`a${' '.repeat(4096)}`, 'when: column 4097: expected at most 4096 characters, got 4097'],
  ["$TAG['a'] == 1", 'when: expected the name of a field, got "$TAG[\'a\']"'],
]

test('what is wrong with a condition is told with its column', () => {
  for (const [text, message] of wrong) {
    assert.throws(() => compileCondition('when', text), { code: 'EXPRESSION_SYNTAX', message }, text)
  }
})

test('a list has at most 256 values', () => {
  const listed = (count: number): string => `speed in [${Array.from({ length: count }, () => '80').join(',')}]`
  assert.ok(conditionOf('when', listed(256))({ tag: 'a', record }))
  assert.throws(() => compileCondition('when', listed(257)), { code: 'EXPRESSION_SYNTAX' })
})

test('each field is asked for once, in the order in which it is named', () => {
  const condition = compileCondition('when', 'b > 1 and a > 1 or b < 0')
  const values: readonly (Value | undefined)[] = condition.fields.map((read) =>
    read({ tag: 'x', record: { a: 2, b: 3 } }),
  )
  assert.deepEqual(values, [3, 2])
  assert.equal(condition.holds(values), true)
  assert.equal(condition.holds([undefined, undefined]), false)
})

const pieces = [...cases.map(([text]) => text), '(', ')', '[', ']', ',', 'and', 'not', 'in', '-', '"', '$', "'", '1']

test('any text is a condition or refused, and a condition never throws', () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(' ')),
  )
  fc.assert(
    fc.property(text, anyValue, (condition, value) => {
      let compiled: ReturnType<typeof conditionOf>
      try {
        compiled = conditionOf('when', condition)
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'EXPRESSION_SYNTAX')
        return
      }
      assert.equal(typeof compiled({ tag: 'a.b', record: { speed: value, gear: value } }), 'boolean')
    }),
    { numRuns: 500 },
  )
})
