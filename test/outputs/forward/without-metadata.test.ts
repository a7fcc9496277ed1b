import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutMetadata } from '../../../outputs/forward/without-metadata.js'
import { skipValue } from '../../../src/event/entry-skipper.js'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import type { EventRecord, Value } from '../../../src/event/event.js'
import { randomOf } from '../../support/random.js'

/** Bytes that are also the header of an array of two. */
const two = 0x92

function entryOf(record: EventRecord, metadata?: EventRecord): Buffer {
  const plain = new EntryWriter()
  plain.writeEvent(1, 2, record)
  const bytes = Buffer.from(plain.take())
  if (!metadata) return bytes
  const map = new EntryWriter()
  map.writeValue(metadata)
  return Buffer.concat([Buffer.of(two), bytes.subarray(0, 11), map.take(), bytes.subarray(11)])
}

function recordOf(random: () => number): EventRecord {
  const values: Value[] = [two, [two, [two, two]], [[1, two], { a: two }], 'x', Buffer.of(two, two, 0xd7, 0, two), {}]
  const count = Math.floor(random() * 3)
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`k${n}`, values[Math.floor(random() * values.length)] ?? 0]),
  )
}

const seed = Math.floor(Math.random() * 2 ** 31)

test(`whatever records and metadata hold, the metadata alone is left out (seed ${seed})`, () => {
  const random = randomOf(seed)
  for (let round = 0; round < 500; round++) {
    const entries = Array.from({ length: Math.floor(random() * 8) }, () => {
      const record = recordOf(random)
      return { plain: entryOf(record), sent: entryOf(record, random() < 0.2 ? recordOf(random) : undefined) }
    })
    const given = Buffer.concat(entries.map(({ sent }) => sent))
    assert.deepEqual(Buffer.from(withoutMetadata(given)), Buffer.concat(entries.map(({ plain }) => plain)))
  }
})

test('an entry that ends as another begins is not taken for metadata, and no entry is looked at', () => {
  const given = Buffer.concat(Array.from({ length: 50 }, () => entryOf({ n: two })))
  assert.ok(given.includes(Buffer.of(two, two)))
  // What cannot be skipped shows that nobody tried.
  const torn = Buffer.concat([given, Buffer.of(0xc1)])
  assert.throws(() => skipValue(torn, given.length))
  assert.equal(withoutMetadata(torn), torn)
})
