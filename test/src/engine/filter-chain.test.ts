import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { applyFilters, type FiltersOf } from '../../../src/engine/filter-chain.js'
import type { Event } from '../../../src/event/event.js'
import type { Filter } from '../../../src/plugin/define.js'

const event: Event = { tag: 'a', time: { seconds: 1, nanoseconds: 2 }, record: { n: 1 } }
const drop: Filter = { apply: () => undefined }
const keep: Filter = { apply: (each) => each }

/** Gives events of one tag another. */
const move = (to: string): Filter => ({ apply: (each) => ({ ...each, tag: to }) })

/** Writes its name into every event that it sees. */
const mark = (name: string): Filter => ({
  apply: (each) => ({ ...each, record: { ...each.record, seen: `${String(each.record['seen'] ?? '')}${name}` } }),
})

const by =
  (filters: { readonly [tag: string]: readonly Filter[] }): FiltersOf =>
  (tag) =>
    filters[tag] ?? []

const tagsAndMarks = (events: readonly Event[]): string[] =>
  events.map(({ tag, record }) => `${tag}:${String(record['seen'] ?? '')}`)

describe('a chain of filters', () => {
  it('gives an event that no filter changes as it is', () => {
    assert.equal(applyFilters(by({ a: [keep, keep] }), event)[0], event)
    assert.deepEqual(applyFilters(by({}), event), [event])
  })

  it('asks no filter behind one that dropped the event', () => {
    const never: Filter = { apply: () => assert.fail('a dropped event was filtered') }
    assert.deepEqual(applyFilters(by({ a: [drop, never] }), event), [])
  })

  it('gives each of several events to the filters behind', () => {
    const twice: Filter = { apply: (each) => [each, each] }
    assert.deepEqual(tagsAndMarks(applyFilters(by({ a: [twice, mark('x'), twice] }), event)), [
      'a:x',
      'a:x',
      'a:x',
      'a:x',
    ])
  })

  it('takes an event under another tag through the filters of that tag, from the first', () => {
    const filters = by({ a: [mark('1'), move('b'), mark('2')], b: [mark('3'), mark('4')] })
    assert.deepEqual(tagsAndMarks(applyFilters(filters, event)), ['b:134'])
  })

  it('takes on the event that kept its tag where it was', () => {
    const copy: Filter = { apply: (each) => [each, { ...each, tag: 'b' }] }
    const filters = by({ a: [copy, mark('1')], b: [mark('2'), drop] })
    assert.deepEqual(tagsAndMarks(applyFilters(filters, event)), ['a:1'])
  })

  it('passes over a filter that gave the event its tag, so that no two can toss it back and forth', () => {
    const toA = move('a')
    const toB = move('b')
    const filters = by({ a: [mark('a'), toB, mark('x')], b: [mark('b'), toA, mark('y')] })
    assert.deepEqual(tagsAndMarks(applyFilters(filters, event)), ['a:abax'])
  })

  it('ends where every event is moved and kept', () => {
    const copies = ['a', 'b', 'c'].map((tag): Filter => ({ apply: (each) => [each, { ...each, tag }] }))
    const events = applyFilters(() => copies, event)
    assert.ok(events.length > 0 && events.length < 100, String(events.length))
  })
})
