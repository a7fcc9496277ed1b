import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import fc from 'fast-check'

import { readEvents } from '../../../src/event/entry-reader.js'
import { countEntries, skipValue } from '../../../src/event/entry-skipper.js'
import { readValue } from '../../../src/event/msgpack-reader.js'
import { records, times, values } from '../../support/arbitraries.js'
import { encoded, entryOf, valueBytes } from '../../support/entries.js'

/** What came of it, for comparing two ways to the same. */
function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return (error as { code?: string }).code ?? error
  }
}

describe('skipValue', () => {
  test('ends where reading does', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = Buffer.concat([Uint8Array.of(1), valueBytes(value), Uint8Array.of(2)])
        assert.equal(skipValue(bytes, 1), bytes.length - 1)
      }),
    )
  })

  test('knows every first byte as reading does', () => {
    for (let first = 0; first < 256; first++) {
      const bytes = new Uint8Array(600)
      bytes.set([first, 0, 0, 0, 1], 0)
      assert.deepEqual(
        outcome(() => skipValue(bytes, 0)),
        outcome(() => readValue(bytes).end),
        `first byte ${first}`,
      )
    }
  })
})

describe('countEntries', () => {
  test('counts the entries of every list', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(times, records), { maxLength: 5 }), (list) => {
        const entries = list.map(([{ seconds, nanoseconds }, record]) => entryOf(record, seconds, nanoseconds))
        assert.equal(countEntries(Buffer.concat(entries)), list.length)
      }),
      { numRuns: 50 },
    )
  })

  test('refuses every truncation', () => {
    const old = [0x92, 0x92, 0xce, 0, 0, 0, 1, 0x81, 0xa1, 0x61, 0x01, 0x81, 0xa1, 0x61, 0x01]
    const entry = entryOf({ n: [1, 300, 1.5], t: ['x'.repeat(300), new Uint8Array(9)], m: { k: null } })
    for (const bytes of [entry, Uint8Array.from(old)]) {
      assert.equal(countEntries(bytes), 1)
      for (let size = 1; size < bytes.length; size++) {
        assert.throws(() => countEntries(bytes.subarray(0, size)), { code: 'EVENT_CORRUPT' }, `${size} bytes`)
      }
    }
  })

  test('takes exactly what can be read, whatever the bytes are', () => {
    const entryLike = fc
      .tuple(fc.constantFrom([0x92, 0xd7, 0], [0x92], [0x92, 0x92], [0xdc, 0, 2]), fc.uint8Array({ maxLength: 40 }))
      .map(([start, rest]) => Uint8Array.from([...start, ...rest]))
    const damaged = fc
      .tuple(records, fc.nat(), fc.nat(255))
      .map(([record, at, byte]) => entryOf(record).map((old, index, all) => (index === at % all.length ? byte : old)))
    fc.assert(
      fc.property(fc.oneof(entryLike, damaged), (bytes) => {
        assert.deepEqual(
          outcome(() => countEntries(bytes)),
          outcome(() => [...readEvents(encoded(bytes))].length),
        )
      }),
      { numRuns: 1000 },
    )
  })

  test('refuses what is nested without end, and does not run out of stack', () => {
    const nested = new Uint8Array(1_000_000).fill(0x91)
    nested.set([0x92, 5, 0x81, 0xa1, 0x61])
    assert.throws(() => countEntries(nested), { code: 'EVENT_TOO_DEEP' })
    assert.throws(() => countEntries(new Uint8Array(1_000_000).fill(0x92)), { code: 'EVENT_TOO_DEEP' })
  })
})
