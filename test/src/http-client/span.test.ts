import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readEvents } from '../../../src/event/entry-reader.js'
import { Progress } from '../../../src/http-client/progress.js'
import { halvesOf, partOf, runsOf, type Span, spanOf } from '../../../src/http-client/span.js'
import { batchOf } from '../../support/batch.js'

/** Chunks of these sizes, whose events are numbered through. */
function chunksOf(sizes: readonly number[]) {
  let n = 0
  const samples = sizes.flatMap((size, chunk) =>
    Array.from({ length: size }, () => ({ tag: `t${chunk}`, record: { n: n++ } })),
  )
  return batchOf(samples).chunks
}

function eventsIn({ chunks }: Span): unknown[] {
  return chunks.flatMap((chunk) => Array.from(readEvents(chunk), ({ record }) => record['n']))
}

function placesIn({ runs }: Span): number[] {
  return runs.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at))
}

/** Sizes of chunks, and which of their events are chosen. */
const choices = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }).chain((sizes) => {
  const count = sizes.reduce((sum, size) => sum + size, 0)
  return fc.record({
    sizes: fc.constant(sizes),
    chosen: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
  })
})

test('a span has the events that were chosen, in order, and knows where they were in the batch', () => {
  fc.assert(
    fc.property(choices, ({ sizes, chosen }) => {
      const places = chosen.flatMap((isChosen, place) => (isChosen ? [place] : []))
      const span = spanOf(chunksOf(sizes), runsOf(places))
      assert.deepEqual(eventsIn(span), places)
      assert.deepEqual(placesIn(span), places)
      assert.equal(span.count, places.length)
    }),
  )
})

test('a part of a part, down to single events, still knows where it was in the batch', () => {
  fc.assert(
    fc.property(choices, ({ sizes, chosen }) => {
      const places = chosen.flatMap((isChosen, place) => (isChosen ? [place] : []))
      const whole = spanOf(chunksOf(sizes), runsOf(places))
      const singles: number[] = []
      const spans = whole.count > 0 ? [whole] : []
      for (let span = spans.pop(); span; span = spans.pop()) {
        assert.deepEqual(eventsIn(span), placesIn(span))
        if (span.count > 1) spans.push(...halvesOf(span).toReversed())
        else singles.push(...placesIn(span))
      }
      assert.deepEqual(singles, places)
    }),
  )
})

test('a part of any places of a span with gaps has their events, and knows where they were in the batch', () => {
  fc.assert(
    fc.property(choices, fc.infiniteStream(fc.boolean()), ({ sizes, chosen }, stream) => {
      const places = chosen.flatMap((isChosen, place) => (isChosen ? [place] : []))
      const whole = spanOf(chunksOf(sizes), runsOf(places))
      const within = places.flatMap((_, at) => (stream.next().value === true ? [at] : []))
      const part = partOf(whole, runsOf(within))
      const expected = within.map((at) => places[at])
      assert.deepEqual(eventsIn(part), expected)
      assert.deepEqual(placesIn(part), expected)
    }),
  )
})

test('a refusal of an event of a span with gaps is noted of its place in the batch', () => {
  fc.assert(
    fc.property(choices, ({ sizes, chosen }) => {
      const places = chosen.flatMap((isChosen, place) => (isChosen ? [place] : []))
      const progress = new Progress(chosen.length)
      const reasons = new Map(places.map((place, at) => [at, `no ${place}`]))
      progress.reject(spanOf(chunksOf(sizes), runsOf(places)), reasons)
      assert.deepEqual(
        [...progress.rejected],
        places.map((place) => [place, `no ${place}`]),
      )
    }),
  )
})

test('what is settled of a batch is pending no more', () => {
  fc.assert(
    fc.property(choices, ({ sizes, chosen }) => {
      const progress = new Progress(chosen.length)
      const whole = spanOf(chunksOf(sizes), progress.pending())
      assert.equal(whole.count, chosen.length)
      const settled = chosen.flatMap((isChosen, place) => (isChosen ? [place] : []))
      progress.settle(partOf(whole, runsOf(settled)).runs)
      assert.deepEqual(
        eventsIn(spanOf(whole.chunks, progress.pending())),
        chosen.flatMap((isChosen, place) => (isChosen ? [] : [place])),
      )
    }),
  )
})
