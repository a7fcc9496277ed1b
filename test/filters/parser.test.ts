import assert from 'node:assert/strict'
import { test } from 'node:test'
import json from '../../codecs/json/index.js'
import regex from '../../codecs/regex/index.js'
import parserFilter from '../../filters/parser/index.js'
import type { EventRecord } from '../../src/event/event.js'
import { createParser } from '../../src/parse/parser.js'
import type { Parser } from '../../src/plugin/context.js'
import { codecOf } from '../support/codec.js'
import { eventOf, filterOf, outcomeOf } from '../support/filter.js'
import { parserDefaults } from '../support/parser-options.js'

const clock = { wall: () => 0 }
const parsers: { readonly [name: string]: Parser } = {
  json: createParser(codecOf(json), { ...parserDefaults, time_key: 'time' }, clock),
  pair: createParser(codecOf(regex, { regex: '^(?<left>\\w+)=(?<right>\\w+)$' }), parserDefaults, clock),
}

function parser(name: string): Parser {
  const found = parsers[name]
  assert.ok(found)
  return found
}

const made = (options: { readonly [option: string]: unknown }) =>
  filterOf(parserFilter, { key_name: 'log', parser: 'json', ...options }, parser)

function records(options: { readonly [option: string]: unknown }, record: EventRecord): EventRecord[] {
  return outcomeOf(made(options).filter, eventOf(record)).map((event) => event.record)
}

test('what the text of a field holds takes the place of the record', () => {
  assert.deepEqual(records({}, { log: '{"a":1}', other: 2 }), [{ a: 1 }])
})

test('the field and all others stay where the user wants that', () => {
  const record = { first: 0, log: '{"a":1,"other":3}', other: 2 }
  assert.deepEqual(records({ preserve_key: 'on' }, record), [{ a: 1, other: 3, log: record.log }])
  assert.deepEqual(records({ reserve_data: true }, record), [{ a: 1, other: 3, first: 0 }])
  assert.deepEqual(records({ reserve_data: true, preserve_key: true }, record), [
    { a: 1, other: 3, first: 0, log: record.log },
  ])
})

test('the time that was parsed is the time of the event, and else its own stays', () => {
  const [timed] = outcomeOf(made({}).filter, eventOf({ log: '{"time":5.5}' }))
  const [untimed] = outcomeOf(made({}).filter, eventOf({ log: '{}' }))
  assert.deepEqual(timed, { tag: 'a.b', time: { seconds: 5, nanoseconds: 500_000_000 }, record: {} })
  assert.deepEqual(untimed?.time, { seconds: 1_700_000_000, nanoseconds: 5 })
})

test('parsers are tried in order', () => {
  assert.deepEqual(records({ parser: ['json', 'pair'] }, { log: 'x=y' }), [{ left: 'x', right: 'y' }])
})

test('text with several records makes several events', () => {
  assert.deepEqual(records({ reserve_data: 'on' }, { log: '[{"a":1},{"a":2}]', b: 0 }), [
    { a: 1, b: 0 },
    { a: 2, b: 0 },
  ])
})

test('a field inside another may be parsed, and bytes as well as text', () => {
  assert.deepEqual(records({ key_name: "$k['log']" }, { k: { log: Buffer.from('{"a":1}') } }), [{ a: 1 }])
})

test('an event that no parser takes passes as it is, and is counted', () => {
  for (const log of ['text', '', '[]']) {
    const event = eventOf({ log })
    const { filter, counted } = made({ parser: ['json', 'pair'] })
    assert.equal(filter.apply(event), event)
    assert.deepEqual(counted, { unparsed: 1 })
  }
})

test('an event whose field is missing or no text passes as it is', () => {
  for (const record of [{}, { log: 5 }, { log: null }, { log: { a: 1 } }]) {
    const event = eventOf(record)
    assert.equal(made({}).filter.apply(event), event)
  }
})

test('what is no field is refused when the filter is made', () => {
  assert.throws(() => made({ key_name: '$a[x]' }), { code: 'FILTER_PARSER_KEY' })
})
