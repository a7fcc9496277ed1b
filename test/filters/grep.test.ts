import assert from 'node:assert/strict'
import { test } from 'node:test'
import grep from '../../filters/grep/index.js'
import type { EventRecord } from '../../src/event/event.js'
import { eventOf, filterOf, filtered } from '../support/filter.js'

type Case = readonly [options: { readonly [option: string]: unknown }, record: EventRecord, kept: boolean]

const cases: readonly Case[] = [
  [{ regex: 'log aa' }, { log: 'xaax' }, true],
  [{ regex: 'log aa' }, { log: 'bb' }, false],
  [{ regex: 'log aa' }, { other: 'aa' }, false],
  [{ regex: 'log ^a b$' }, { log: 'a b' }, true],
  [{ regex: '$log ^a' }, { log: 'ab' }, true],
  [{ regex: "$k['a b'][0] ^x$" }, { k: { 'a b': ['x'] } }, true],
  [{ regex: "$k['a b'][0] ^x$" }, { k: { 'a b': 'x' } }, false],
  [{ regex: 'k.v x' }, { 'k.v': 'x' }, true],
  [{ regex: 'code ^5\\d\\d$' }, { code: 503 }, true],
  [{ regex: 'on true' }, { on: true }, true],
  [{ regex: 'map .' }, { map: {} }, false],
  [{ regex: '$TAG ^a\\.' }, {}, true],
  [{ regex: 'log /ERROR/i' }, { log: 'an error' }, true],
  [{ exclude: 'log aa' }, { log: 'aa' }, false],
  [{ exclude: 'log aa' }, { log: 'bb' }, true],
  [{ exclude: 'log aa' }, {}, true],
  [{ regex: ['a 1', 'b 2'] }, { a: '1', b: '2' }, true],
  [{ regex: ['a 1', 'b 2'] }, { a: '1', b: '3' }, false],
  [{ exclude: ['a 1', 'b 2'] }, { a: '1', b: '3' }, false],
  [{ exclude: ['a 1', 'b 2'] }, { a: '2', b: '3' }, true],
  [{ regex: 'a 1', exclude: 'b 2' }, { a: '1', b: '2' }, false],
  [{ regex: 'a 1', exclude: 'b 2' }, { a: '1', b: '3' }, true],
  [{ logical_op: 'or', regex: ['a 1', 'b 2'] }, { a: '1', b: '3' }, true],
  [{ logical_op: 'or', regex: ['a 1', 'b 2'] }, { a: '0', b: '3' }, false],
  [{ logical_op: 'AND', regex: ['a 1', 'b 2'] }, { a: '1', b: '3' }, false],
  [{ logical_op: 'and', exclude: ['a 1', 'b 2'] }, { a: '1', b: '3' }, true],
  [{ logical_op: 'and', exclude: ['a 1', 'b 2'] }, { a: '1', b: '2' }, false],
  [{ logical_op: 'or', exclude: ['a 1', 'b 2'] }, { a: '1', b: '3' }, false],
]

test('events stay or go by their fields', () => {
  assert.ok(cases.length > 20)
  for (const [options, record, kept] of cases) {
    assert.equal(
      filtered(filterOf(grep, options).filter, record).length,
      kept ? 1 : 0,
      JSON.stringify([options, record]),
    )
  }
})

test('an event that stays is not copied', () => {
  const event = eventOf({ log: 'a' })
  assert.equal(filterOf(grep, { regex: 'log a' }).filter.apply(event), event)
})

test('wrong rules are refused when the filter is made', () => {
  const wrong: readonly (readonly [options: { readonly [option: string]: unknown }, code: string])[] = [
    [{}, 'FILTER_GREP_RULES'],
    [{ regex: 'log' }, 'FILTER_GREP_RULE'],
    [{ regex: '$a[x] y' }, 'FILTER_GREP_RULE'],
    [{ regex: 'log (' }, 'REGEX_INVALID'],
    [{ regex: 'a 1', exclude: 'b 2', logical_op: 'and' }, 'FILTER_GREP_RULES'],
  ]
  for (const [options, code] of wrong) assert.throws(() => filterOf(grep, options), { code }, JSON.stringify(options))
})
