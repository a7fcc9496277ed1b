import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { JsonEvents } from '../../../src/event/json-events.js'
import { writeJson } from '../../../src/event/json-writer.js'
import type { EncodedEvents } from '../../../src/event/event.js'
import { records } from '../../support/arbitraries.js'
import { batchOf } from '../../support/batch.js'
import { encoded } from '../../support/entries.js'

const chunks: readonly EncodedEvents[] = batchOf([
  { tag: 'a', seconds: 1, nanoseconds: 2, record: { n: 1, text: 'x' } },
  { tag: 'a', seconds: 3, record: {} },
  { tag: 'b', seconds: 4, record: { other: { n: 5 } } },
]).chunks

test('every event is come to, whether or not it was written', () => {
  const events = new JsonEvents([encoded([]), ...chunks, encoded([])])
  const seen: unknown[] = []
  while (events.next()) {
    seen.push([events.index, events.tag, events.time.seconds])
    if (events.index === 1) continue
    if (events.index === 0) events.writeRecord()
    else {
      events.writeText('{"ü":1')
      events.writeFields()
    }
  }
  assert.deepEqual(seen, [
    [0, 'a', 1],
    [1, 'a', 3],
    [2, 'b', 4],
  ])
  assert.equal(Buffer.from(events.take()).toString(), '{"n":1,"text":"x"}{"ü":1,"other":{"n":5}}')
})

test('records are written as other JSON is', () => {
  fc.assert(
    fc.property(fc.array(records, { maxLength: 5 }), (all) => {
      const batch = batchOf(all.map((record) => ({ record })))
      const events = new JsonEvents(batch.chunks)
      while (events.next()) {
        events.writeRecord()
        events.writeText('\n')
      }
      const lines = writeJson(batch.chunks, { dateKey: false, dateFormat: 'double', shape: 'lines' })
      assert.deepEqual(Buffer.from(events.take()), Buffer.from(lines))
    }),
  )
})

test('an event is read before it is written, and knows its fields from those below', () => {
  const events = new JsonEvents(chunks)
  const found: unknown[] = []
  while (events.next()) {
    found.push([events.has('n'), events.has('constructor'), events.record])
    events.writeRecord()
  }
  assert.deepEqual(found, [
    [true, false, { n: 1, text: 'x' }],
    [false, false, {}],
    [false, false, { other: { n: 5 } }],
  ])
})

test('an entry is lent as it is encoded', () => {
  const events = new JsonEvents(chunks)
  const entries: Uint8Array[] = []
  while (events.next()) entries.push(events.entry)
  assert.deepEqual(Buffer.concat(entries), Buffer.concat(chunks.map((chunk) => chunk.entries)))
})
