import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { capture, type Settings } from '../../../filters/capture/capture.js'
import { EventRing } from '../../../filters/capture/event-ring.js'
import { toEventTime } from '../../../src/event/event-time.js'
import type { Event } from '../../../src/event/event.js'
import { filterContextOf, outcomeOf } from '../../support/filter.js'

type Given = Pick<Settings, 'trigger' | 'for' | 'before' | 'after' | 'cooldown'>

const fixed = { when: 'x == 1', key: undefined, source_key: undefined, ring_size: 1 << 20, max_rings: 8 }
const marks = { mark: true, keep: false }

/** What passes of a stream. */
function passedOf(stream: readonly Event[], given: Given, more: Pick<Settings, 'mark' | 'keep'>): readonly Event[] {
  const filter = capture({ ...fixed, ...given, ...more }, filterContextOf().context)
  return stream.flatMap((event) => outcomeOf(filter, event))
}

const settings = fc.record<Given>({
  trigger: fc.constantFrom('rising', 'level'),
  for: fc.constantFrom(0, 0, 50, 200),
  before: fc.integer({ min: 0, max: 400 }),
  after: fc.integer({ min: 0, max: 400 }),
  cooldown: fc.constantFrom(0, 0, 300),
})

/** Events of several tags in the order of their times, many at the same time. */
const streams = fc
  .array(fc.tuple(fc.constantFrom(0, 1, 10, 90, 700), fc.constantFrom('a', 'b', 'c'), fc.constantFrom(0, 0, 0, 1, 1)), {
    maxLength: 120,
  })
  .map((steps) => {
    let at = 1_700_000_000_000
    return steps.map(([step, tag, x], n): Event => ({ tag, time: toEventTime((at += step)), record: { n, x } }))
  })

const millis = ({ time }: Event): number => time.seconds * 1000 + time.nanoseconds / 1e6

/** The moments of the triggers, by the words of the README. */
function triggersOf(stream: readonly Event[], { trigger, for: forMs, cooldown }: Given): readonly number[] {
  const triggers: number[] = []
  let since: number | undefined
  let spent = false
  for (const event of stream) {
    const at = millis(event)
    if (event.record['x'] !== 1) {
      since = undefined
      spent = false
      continue
    }
    since ??= at
    if (at - since < forMs || spent) continue
    spent = trigger === 'rising'
    if (at - (triggers.at(-1) ?? -Infinity) >= cooldown) triggers.push(at)
  }
  return triggers
}

test('exactly the union of all windows passes, in order, each event once', () => {
  fc.assert(
    fc.property(streams, settings, (stream, given) => {
      const triggers = triggersOf(stream, given)
      const inWindow = (event: Event): boolean =>
        triggers.some((at) => millis(event) >= at - given.before && millis(event) <= at + given.after)
      assert.deepEqual(passedOf(stream, given, { mark: false, keep: false }), stream.filter(inWindow))
    }),
    { numRuns: 400 },
  )
})

test('with keep everything passes as it came', () => {
  fc.assert(
    fc.property(streams, settings, (stream, given) => {
      assert.deepEqual(passedOf(stream, given, { mark: false, keep: true }), stream)
    }),
  )
})

test('a replay passes the same events with the same marks', () => {
  fc.assert(
    fc.property(streams, settings, (stream, given) => {
      assert.deepEqual(passedOf(stream, given, marks), passedOf(stream, given, marks))
    }),
  )
})

const limit = 2048
const memory = { reserve: () => true, release: () => undefined }
const moves = fc.array(fc.oneof(fc.nat(700), fc.constant('shift' as const)), { maxLength: 200 })

/** An entry as the ring wants it: bytes 3 to 10 are a time. */
function entryOf(size: number, arrival: number): Buffer {
  const entry = Buffer.alloc(11 + size, arrival)
  entry.writeUInt32BE(arrival, 3)
  entry.writeUInt32BE(5_000_999, 7)
  return entry
}

test('a ring holds the newest entries that fit, as they were', () => {
  fc.assert(
    fc.property(moves, (all) => {
      const ring = new EventRing(limit, memory)
      const held: [entry: Buffer, arrival: number][] = []
      for (const [arrival, move] of all.entries()) {
        if (move === 'shift') {
          if (held.shift()) ring.shift()
        } else {
          const entry = entryOf(move, arrival)
          const pushedOut = ring.push(entry, arrival)
          assert.ok(pushedOut !== undefined)
          held.splice(0, pushedOut)
          held.push([entry, arrival])
        }
        assert.equal(ring.count, held.length)
        const [first] = held
        assert.deepEqual(ring.first(), first && new Uint8Array(first[0]))
        if (!first) continue
        assert.equal(ring.firstArrival, first[1])
        assert.equal(ring.firstMicros, first[1] * 1e6 + 5000)
        assert.ok(held.reduce((bytes, [entry]) => bytes + entry.length + 12, 0) <= limit)
      }
    }),
    { numRuns: 300 },
  )
})

test('a ring pushes out no more than it must', () => {
  const ring = new EventRing(limit, memory)
  for (let arrival = 0; arrival < 100; arrival++) ring.push(entryOf(41, arrival), arrival)
  assert.equal(ring.count, Math.floor(limit / 64))
})

test('a ring of very many small events is released whole', () => {
  const count = 200_000
  const given = { trigger: 'rising', for: 0, before: 600_000, after: 0, cooldown: 0 } as const
  const filter = capture({ ...fixed, ...given, ...marks, ring_size: 16 << 20 }, filterContextOf().context)
  const time = toEventTime(1_700_000_000_000)
  for (let n = 0; n < count; n++) assert.deepEqual(outcomeOf(filter, { tag: 'a', time, record: { n } }), [])
  assert.equal(outcomeOf(filter, { tag: 'a', time, record: { x: 1 } }).length, count + 1)
})
