import assert from 'node:assert/strict'
import { test } from 'node:test'
import rewriteTag from '../../filters/rewrite_tag/index.js'
import { applyFilters } from '../../src/engine/filter-chain.js'
import type { EventRecord } from '../../src/event/event.js'
import { eventOf, filterOf, outcomeOf } from '../support/filter.js'

type Case = readonly [rule: string | readonly string[], record: EventRecord, tags: readonly string[]]

const cases: readonly Case[] = [
  ['$tool ^(fluent)$ new.$1.$0 false', { tool: 'fluent' }, ['new.fluent.fluent']],
  ['$tool ^(fluent)$ new.$TAG[1].$tool true', { tool: 'fluent' }, ['a.b', 'new.b.fluent']],
  ['$tool ^x$ new false', { tool: 'fluent' }, ['a.b']],
  ['$tool . new false', {}, ['a.b']],
  ["$a['b c']['d'] ^\\d+$ new.$a['x'] off", { a: { 'b c': { d: 12 }, x: 'y' } }, ['new.y']],
  ['$log ^two words$ new no', { log: 'two words' }, ['new']],
  ['$log "^two words$" new no', { log: 'two words' }, ['new']],
  [['$log ^x first false', '$log . second false', '$log . third false'], { log: 'y' }, ['second']],
  ['$log . a.b false', { log: 'x' }, ['a.b']],
  ['$log . $none false', { log: 'x' }, ['a.b']],
  ['$log (?<who>\\w+) by.$1 false', { log: 'me' }, ['by.me']],
]

test('events get the tag of the first rule that matches', () => {
  assert.ok(cases.length > 5)
  for (const [rule, record, tags] of cases) {
    const events = outcomeOf(filterOf(rewriteTag, { rule }).filter, eventOf(record))
    assert.deepEqual(
      events.map(({ tag }) => tag),
      tags,
      String(rule),
    )
    for (const event of events) assert.equal(event.record, record)
  }
})

test('what is rewritten is counted, and what is not passes as it is', () => {
  const { filter, counted } = filterOf(rewriteTag, { rule: '$a . new false' })
  const event = eventOf({ b: 1 })
  assert.equal(filter.apply(event), event)
  filter.apply(eventOf({ a: 1 }))
  assert.deepEqual(counted, { rewritten: 1 })
})

test('two rules that would toss an event back and forth let it come to rest', () => {
  const there = filterOf(rewriteTag, { rule: '$log . there.$TAG false' }).filter
  const back = filterOf(rewriteTag, { rule: '$log . back.$TAG true' }).filter
  const events = applyFilters(() => [there, back], eventOf({ log: 'x' }, 't'))
  assert.deepEqual(events.map(({ tag }) => tag).sort(), ['back.there.t', 'there.t'])
})

test('names of an emitter are taken from Fluent Bit files and mean nothing', () => {
  const options = {
    rule: '$a . b false',
    emitter_name: 'x',
    'emitter_storage.type': 'memory',
    emitter_mem_buf_limit: '10M',
  }
  assert.ok(filterOf(rewriteTag, options).filter)
})

test('a wrong rule is refused when the filter is made', () => {
  for (const rule of ['$a . b', '$a . b perhaps', '$a[x] . b true', '', '$a b true']) {
    assert.throws(() => filterOf(rewriteTag, { rule }), { code: 'FILTER_REWRITE_TAG_RULE' }, rule)
  }
  assert.throws(() => filterOf(rewriteTag, { rule: '$a ( b true' }), { code: 'REGEX_INVALID' })
})
