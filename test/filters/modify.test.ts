import assert from 'node:assert/strict'
import { test } from 'node:test'
import modify from '../../filters/modify/index.js'
import type { EventRecord } from '../../src/event/event.js'
import { eventOf, filterOf, filtered } from '../support/filter.js'

type Case = readonly [options: { readonly [option: string]: unknown }, expected: string]

const record: EventRecord = { a: 1, 'b.x': 'two', 'b.y': { c: [true] }, d: 'four words are here' }
const same = JSON.stringify(record)

const rules: readonly Case[] = [
  [{ set: 'new value' }, '{"a":1,"b.x":"two","b.y":{"c":[true]},"d":"four words are here","new":"value"}'],
  [{ set: 'a some words' }, '{"b.x":"two","b.y":{"c":[true]},"d":"four words are here","a":"some words"}'],
  [
    { set: '"new key" "a \\"value\\""' },
    '{"a":1,"b.x":"two","b.y":{"c":[true]},"d":"four words are here","new key":"a \\"value\\""}',
  ],
  [{ add: ['a 2', 'new 2'] }, '{"a":1,"b.x":"two","b.y":{"c":[true]},"d":"four words are here","new":"2"}'],
  [{ add_if_not_present: 'new 2', remove_wildcard: 'b', remove: 'd' }, '{"a":1,"new":"2"}'],
  [{ remove: ['a', 'none', 'd'] }, '{"b.x":"two","b.y":{"c":[true]}}'],
  [{ remove: 'none' }, same],
  [{ remove_wildcard: 'b.*' }, '{"a":1,"d":"four words are here"}'],
  [{ remove_regex: '^(a|b\\..)$' }, '{"d":"four words are here"}'],
  [{ rename: 'a z' }, '{"z":1,"b.x":"two","b.y":{"c":[true]},"d":"four words are here"}'],
  [{ rename: 'a d' }, same],
  [{ rename: 'none z' }, same],
  [{ rename: 'a a' }, same],
  [{ hard_rename: 'a d' }, '{"d":1,"b.x":"two","b.y":{"c":[true]}}'],
  [{ hard_rename: 'a a' }, same],
  [{ hard_rename: 'none a' }, same],
  [{ copy: 'a z' }, '{"a":1,"z":1,"b.x":"two","b.y":{"c":[true]},"d":"four words are here"}'],
  [{ copy: 'a d' }, same],
  [{ hard_copy: 'a d' }, '{"a":1,"d":1,"b.x":"two","b.y":{"c":[true]}}'],
  [{ hard_copy: 'd a' }, '{"b.x":"two","b.y":{"c":[true]},"d":"four words are here","a":"four words are here"}'],
  [{ move_to_start: 'b.' }, '{"b.x":"two","b.y":{"c":[true]},"a":1,"d":"four words are here"}'],
  [{ move_to_end: ['a', 'b.x'] }, '{"b.y":{"c":[true]},"d":"four words are here","a":1,"b.x":"two"}'],
  [{ move_to_end: 'none' }, same],
]

test('each rule changes a record as it says, and keeps the order of fields', () => {
  assert.ok(rules.length > 20)
  for (const [options, expected] of rules) {
    const [out] = filtered(filterOf(modify, options).filter, record)
    assert.equal(JSON.stringify(out), expected, JSON.stringify(options))
  }
})

test('rules of several options run in the order in which the options stand', () => {
  const first = filterOf(modify, { rename: 'a z', set: 'a x' })
  const second = filterOf(modify, { set: 'a x', rename: 'a z' })
  assert.deepEqual(filtered(first.filter, { a: 1 }), [{ z: 1, a: 'x' }])
  assert.deepEqual(filtered(second.filter, { a: 1 }), [{ z: 'x' }])
})

const conditions: readonly (readonly [condition: string | readonly string[], holds: boolean])[] = [
  ['key_exists a', true],
  ['Key_Exists none', false],
  ["key_exists $b['c']", true],
  ['key_does_not_exist none', true],
  ['key_does_not_exist a', false],
  ['a_key_matches ^b', true],
  ['a_key_matches ^x', false],
  ['no_key_matches ^x', true],
  ['no_key_matches ^b', false],
  ['key_value_equals a 1', true],
  ['key_value_equals a 2', false],
  ['key_value_equals none 2', false],
  ['key_value_equals text "two words"', true],
  ['key_value_equals text two words', true],
  ['key_value_does_not_equal a 2', true],
  ['key_value_does_not_equal a 1', false],
  ['key_value_does_not_equal none 1', false],
  ['key_value_does_not_equal b 1', true],
  ['key_value_matches text ^two', true],
  ['key_value_matches text ^words', false],
  ['key_value_does_not_match text ^words', true],
  ['key_value_does_not_match none x', false],
  ['matching_keys_have_matching_values ^(a|text)$ [1w]', true],
  ['matching_keys_have_matching_values . 1', false],
  ['matching_keys_do_not_have_matching_values . 1', true],
  ['matching_keys_do_not_have_matching_values ^a$ 1', false],
  [['key_exists a', 'key_exists b'], true],
  [['key_exists a', 'key_exists none'], false],
]

test('nothing is done unless every condition holds', () => {
  assert.ok(conditions.length > 20)
  for (const [condition, holds] of conditions) {
    const { filter } = filterOf(modify, { condition, set: 'done yes' })
    const [out] = filtered(filter, { a: 1, b: { c: 2 }, text: 'two words' })
    assert.equal(out?.['done'] === 'yes', holds, String(condition))
  }
})

test('an event that stays as it is is not copied', () => {
  const event = eventOf({ a: 1 })
  for (const options of [{ remove: 'b' }, { add: 'a 2' }, { condition: 'key_exists b', set: 'a 2' }, {}]) {
    assert.equal(filterOf(modify, options).filter.apply(event), event, JSON.stringify(options))
  }
})

test('the record that came is never changed', () => {
  const event = eventOf(Object.freeze({ a: 1, b: 2 }))
  filterOf(modify, { set: 'a 2', remove: 'b', rename: 'a c' }).filter.apply(event)
  assert.deepEqual(event.record, { a: 1, b: 2 })
})

test('wrong rules and conditions are refused when the filter is made', () => {
  const wrong: readonly (readonly [options: { readonly [option: string]: string }, code: string])[] = [
    [{ set: 'a' }, 'FILTER_MODIFY_RULE'],
    [{ rename: '' }, 'FILTER_MODIFY_RULE'],
    [{ remove: 'two words' }, 'FILTER_MODIFY_RULE'],
    [{ remove_regex: '(' }, 'REGEX_INVALID'],
    [{ condition: 'is_tuesday a' }, 'FILTER_MODIFY_CONDITION'],
    [{ condition: 'key_exists' }, 'FILTER_MODIFY_CONDITION'],
    [{ condition: 'key_value_equals a' }, 'FILTER_MODIFY_CONDITION'],
    [{ condition: 'key_exists $a[x]' }, 'FILTER_MODIFY_FIELD'],
  ]
  for (const [options, code] of wrong) assert.throws(() => filterOf(modify, options), { code }, JSON.stringify(options))
})
