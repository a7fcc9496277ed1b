import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readEvents } from '../../../src/event/entry-reader.js'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import { JsonEntries } from '../../../src/event/json-entries.js'
import { LeadingFields } from '../../../src/event/leading-fields.js'

const time = { seconds: 1_795_467_780, nanoseconds: 123_456_789 }
const writer = new EntryWriter()
const fifteen = Object.fromEntries(Array.from({ length: 15 }, (_none, key) => [`k${key}`, key]))

/** The records that can be read of what a body was made, as JSON. */
function recordsOf(write: () => number): string[] {
  writer.clear()
  const count = write()
  return Array.from(readEvents({ tag: 'test', entries: writer.peek(), count }), ({ record }) => JSON.stringify(record))
}

test('puts fields before those of each record, and in the place of those of their names', () => {
  const fresh = new JsonEntries(writer)
  const lead = new LeadingFields({ topic: 'a/b' })
  const cases: readonly (readonly [string, readonly object[]])[] = [
    ['{}', [{ topic: 'a/b' }]],
    ['{"x":1}', [{ topic: 'a/b', x: 1 }]],
    [
      '[{"x":{"topic":2}},[5,{"y":3}]]',
      [
        { topic: 'a/b', x: { topic: 2 } },
        { topic: 'a/b', y: 3 },
      ],
    ],
    ['{"x":1,"topic":"c"}', [{ topic: 'a/b', x: 1 }]],
    ['{"topic":"c","1":2}', [{ 1: 2, topic: 'a/b' }]],
    [`{${Array.from({ length: 15 }, (_none, key) => `"k${key}":${key}`).join()}}`, [{ topic: 'a/b', ...fifteen }]],
  ]
  for (let round = 0; round < 40; round++)
    for (const [body, records] of cases) {
      const found = recordsOf(() => fresh.writeText(Buffer.from(body), time, lead))
      assert.deepEqual(
        found,
        records.map((record) => JSON.stringify(record)),
      )
    }
})
