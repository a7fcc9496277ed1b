import assert from 'node:assert/strict'
import { test } from 'node:test'
import nest from '../../filters/nest/index.js'
import type { EventRecord } from '../../src/event/event.js'
import { eventOf, filterOf, filtered } from '../support/filter.js'

type Case = readonly [options: { readonly [option: string]: unknown }, record: EventRecord, expected: EventRecord]

const under = { operation: 'nest', nest_under: 'm' }
const lift = { operation: 'lift', nested_under: 'm' }

const cases: readonly Case[] = [
  [
    { ...under, wildcard: 'Mem.*' },
    { 'Mem.a': 1, b: 2, 'Mem.c': 3 },
    { b: 2, m: { 'Mem.a': 1, 'Mem.c': 3 } },
  ],
  [
    { ...under, wildcard: ['a', 'b*'] },
    { a: 1, ab: 2, bc: 3 },
    { ab: 2, m: { a: 1, bc: 3 } },
  ],
  [{ ...under, wildcard: '*' }, { a: 1 }, { m: { a: 1 } }],
  [{ ...under, wildcard: 'a', add_prefix: 'x_' }, { a: 1 }, { m: { x_a: 1 } }],
  [{ ...under, wildcard: 'a', prefix_with: 'x_' }, { a: 1 }, { m: { x_a: 1 } }],
  [{ ...under, wildcard: 'a*', remove_prefix: 'a.' }, { 'a.b': 1, ab: 2 }, { m: { b: 1, ab: 2 } }],
  [
    { ...under, wildcard: 'a' },
    { m: { b: 1 }, a: 2, c: 3 },
    { c: 3, m: { b: 1, a: 2 } },
  ],
  [{ ...under, wildcard: '*' }, { m: { b: 1 }, a: 2 }, { m: { b: 1, a: 2 } }],
  [lift, { m: { a: 1, b: { c: 2 } }, d: 3 }, { d: 3, a: 1, b: { c: 2 } }],
  [{ ...lift, add_prefix: 'm.' }, { m: { a: 1 } }, { 'm.a': 1 }],
  [{ ...lift, remove_prefix: 'x' }, { m: { xa: 1, b: 2 } }, { a: 1, b: 2 }],
  [lift, { m: { a: 1, m: 2 }, a: 0 }, { a: 1, m: 2 }],
  [lift, { m: {} }, {}],
]

test('fields move into a map, and out of one', () => {
  assert.ok(cases.length > 10)
  for (const [options, record, expected] of cases) {
    const [out] = filtered(filterOf(nest, options).filter, record)
    assert.equal(JSON.stringify(out), JSON.stringify(expected), JSON.stringify(options))
  }
})

test('an event with nothing to move is not copied', () => {
  for (const record of [{}, { b: 1 }, { m: 1 }, { m: [1] }, { m: null }]) {
    const event = eventOf(record)
    assert.equal(filterOf(nest, { ...under, wildcard: 'a*' }).filter.apply(event), event)
    assert.equal(filterOf(nest, lift).filter.apply(event), event)
  }
})

test('a field that is no map is not lost to one: the event stays as it is, and is counted', () => {
  const event = eventOf({ m: 'text', a: 1 })
  const { filter, counted } = filterOf(nest, { ...under, wildcard: 'a' })
  assert.equal(filter.apply(event), event)
  assert.deepEqual(counted, { nest_conflicts: 1 })
})

test('the record that came is never changed', () => {
  const inner = Object.freeze({ b: 1 })
  const event = eventOf(Object.freeze({ m: inner, a: 2 }))
  filterOf(nest, { ...under, wildcard: 'a' }).filter.apply(event)
  assert.deepEqual(inner, { b: 1 })
})

test('options that the operation needs, and prefixes that fight, are refused when the filter is made', () => {
  assert.throws(() => filterOf(nest, { operation: 'nest', wildcard: 'a' }), { code: 'FILTER_NEST_OPTION' })
  assert.throws(() => filterOf(nest, under), { code: 'FILTER_NEST_OPTION' })
  assert.throws(() => filterOf(nest, { operation: 'lift' }), { code: 'FILTER_NEST_OPTION' })
  assert.throws(() => filterOf(nest, { ...lift, add_prefix: 'a', remove_prefix: 'b' }), { code: 'FILTER_NEST_PREFIX' })
})
