import assert from 'node:assert/strict'
import { test } from 'node:test'
import capture from '../../../filters/capture/index.js'
import { toEventTime } from '../../../src/event/event-time.js'
import type { Event, EventRecord } from '../../../src/event/event.js'
import { filterOf, outcomeOf } from '../../support/filter.js'
import { base, big, type Came, high, type Options, quiet, scenarios } from './scenarios.js'

for (const { name, options = {}, came, passes, counted = {} } of scenarios) {
  test(`capture: ${name}`, () => {
    const { filter, counted: all } = filterOf(capture, { ...base, ...options, mark: 'off' })
    const events = came.map(([at, record, tag = 'a'], n) => ({
      tag,
      time: toEventTime(at * 1000),
      record: { ...record, n },
    }))
    const passed = events.flatMap((event) => outcomeOf(filter, event))
    assert.deepEqual(
      passed.map(({ record }) => record['n']),
      passes,
    )
    for (const { record, time, tag } of passed) assert.deepEqual({ record, time, tag }, events[Number(record['n'])])
    for (const [what, count] of Object.entries(counted)) assert.equal(all[what], count, what)
  })
}

function marksOf(options: Options, came: readonly Came[]): readonly (readonly unknown[])[] {
  const { filter } = filterOf(capture, { ...base, ...options })
  const events = came.map(([at, record, tag = 'a']): Event => ({ tag, time: toEventTime(at * 1000), record }))
  return events
    .flatMap((event) => outcomeOf(filter, event))
    .map(({ record }) => [record['capture.id'], record['capture.trigger'], record['capture.offset_s']])
}

test('what is passed tells of which capture it is, and how far from its trigger', () => {
  const id = 'test.0/1970-01-01T00:00:05.000000000Z'
  assert.deepEqual(
    marksOf({}, [
      [3.5, quiet],
      [5, high],
      [5.25, quiet],
    ]),
    [
      [id, 'test.0', -1.5],
      [id, 'test.0', 0],
      [id, 'test.0', 0.25],
    ],
  )
})

test('the name of a capture has its source in it', () => {
  const [marks] = marksOf({ source_key: 'bus' }, [[5, { ...high, bus: 'can0' }]])
  assert.equal(marks?.[0], 'test.0/1970-01-01T00:00:05.000000000Z/can0')
})

test('the marks of an earlier filter stay', () => {
  const [marks] = marksOf({}, [[5, { ...high, 'capture.id': 'first', 'capture.trigger': 'first' }]])
  assert.deepEqual(marks?.slice(0, 2), ['first', 'first'])
})

test('with keep everything passes at once, and is marked from the trigger on', () => {
  const [before, trigger, after, behind] = marksOf({ keep: 'on' }, [
    [3.5, quiet],
    [5, high],
    [5.25, quiet],
    [9, quiet],
  ])
  assert.equal(before?.[0], undefined)
  assert.deepEqual([trigger?.[2], after?.[2]], [0, 0.25])
  assert.equal(behind?.[0], undefined)
})

test('a clock that was set back starts anew after a few events', () => {
  const { filter, counted } = filterOf(capture, { ...base, mark: 'off' })
  const at = (second: number, x: number): number =>
    outcomeOf(filter, { tag: 'a', time: toEventTime(second * 1000), record: { x } }).length
  assert.equal(at(5000, 9), 1)
  for (let second = 100; second < 116; second++) assert.equal(at(second, 0), 0)
  assert.equal(counted['late_events'], 15)
  assert.deepEqual([at(116, 0), at(117, 9), at(118, 0), at(119, 0)], [0, 3, 1, 0])
})

test('rings take their memory from that of the agent, and do without where there is none', () => {
  const { filter, counted, memory } = filterOf(capture, { ...base, before: '60s', mark: 'off' })
  const come = (second: number, record: EventRecord): number =>
    outcomeOf(filter, { tag: 'a', time: toEventTime(second * 1000), record }).length
  memory.limit = 4096
  for (let second = 0; second < 40; second++) come(second, big(300))
  assert.ok(memory.reserved > 1024 && memory.reserved <= 4096, String(memory.reserved))
  assert.ok((counted['pushed_out'] ?? 0) > 20)
  assert.ok(come(41, high) > 5)
  memory.limit = 0
  assert.equal(outcomeOf(filter, { tag: 'b', time: toEventTime(42_000), record: quiet }).length, 1)
  assert.equal(outcomeOf(filter, { tag: 'b', time: toEventTime(50_000), record: quiet }).length, 0)
  assert.equal(counted['not_held'], 1)
})

test('a condition or a field that is none is refused when the filter is made', () => {
  assert.throws(() => filterOf(capture, { when: 'x >' }), { code: 'EXPRESSION_SYNTAX', message: /^when: column 4: / })
  assert.throws(() => filterOf(capture, { when: 'x', key: '$a[b' }), { code: 'PLUGIN_FIELD' })
  assert.throws(() => filterOf(capture, { when: 'x', source_key: '$1' }), { code: 'PLUGIN_FIELD' })
})
