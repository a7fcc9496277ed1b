import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstWord, unquote } from '../../../src/base/words.js'

const cases: readonly (readonly [text: string, word: string, rest: string])[] = [
  ['key pattern', 'key', 'pattern'],
  ['  key   a pattern  ', 'key', 'a pattern'],
  ['key', 'key', ''],
  ['', '', ''],
  ['   ', '', ''],
  ["$a['b c'][0] x y", "$a['b c'][0]", 'x y'],
  ['"two words" x', '"two words"', 'x'],
  [String.raw`'it\'s one' x`, String.raw`'it\'s one'`, 'x'],
  ['"open x', '"open', 'x'],
  ['key ^[a b]$', 'key', '^[a b]$'],
]

test('the first word ends at a blank outside quotes and subscripts', () => {
  assert.ok(cases.length > 0)
  for (const [text, word, rest] of cases) assert.deepEqual(firstWord(text), { word, rest }, text)
})

test('quotes around a text are taken off', () => {
  const texts = ['a', '"a b"', "'a'", '"a', String.raw`"a \"b\" \\ \n"`, '""']
  assert.deepEqual(texts.map(unquote), ['a', 'a b', 'a', '"a', String.raw`a "b" \ \n`, ''])
})
