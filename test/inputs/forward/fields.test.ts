import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readEvents } from '../../../src/event/entry-reader.js'
import type { EventRecord } from '../../../src/event/event.js'
import { Fields } from '../../../src/forward/index.js'
import { entryOf } from '../../support/entries.js'
import { forwardListening, latin, numberedEntries, packed } from '../../support/forward-input.js'

const key = fc.oneof(fc.constantFrom('from', 'host', 'a', ''), fc.string({ maxLength: 40 }))
const value = fc.oneof(
  fc.integer(),
  fc.string({ maxLength: 300 }),
  fc.boolean(),
  fc.constant({ from: [1, { host: 2 }] }),
)
const record = fc.array(fc.tuple(key, value), { maxLength: 20 }).map((pairs): EventRecord => Object.fromEntries(pairs))

describe('fields that the forward input adds', () => {
  it('are in each record, in place of those of their names, and leave all else as it is', () => {
    const fields = new Fields({ from: '192.0.2.1', host: 'device-1' })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        const entries = Buffer.concat(records.map((each, n) => entryOf(each, n, n)))
        const added = fields.addTo(entries, records.length)
        const events = [...readEvents({ tag: '', entries: added, count: records.length })]
        const expected = records.map((each, n) => {
          const { from: _from, host: _host, ...rest } = each
          return {
            tag: '',
            time: { seconds: n, nanoseconds: n },
            record: { ...rest, from: '192.0.2.1', host: 'device-1' },
          }
        })
        assert.deepEqual(JSON.parse(JSON.stringify(events)), JSON.parse(JSON.stringify(expected)))
      }),
    )
  })

  it('go into records of every size, whatever stands before them', () => {
    const fields = new Fields({ k: 'v' })
    const cases: readonly (readonly [string, string])[] = [
      ['\x92\x01\x80', '\x92\x01\x81\xa1k\xa1v'],
      ['\x92\x01\x81\xa1k\x07', '\x92\x01\x81\xa1k\xa1v'],
      ['\x92\x92\x01\x81\xa1k\x07\x80', '\x92\x92\x01\x81\xa1k\x07\x81\xa1k\xa1v'],
      ['\xdc\x00\x02\x01\xde\x00\x01\xa1a\x07', '\xdc\x00\x02\x01\x82\xa1a\x07\xa1k\xa1v'],
      ['\xdd\x00\x00\x00\x02\x01\xdf\x00\x00\x00\x00', '\xdd\x00\x00\x00\x02\x01\x81\xa1k\xa1v'],
    ]
    for (const [entry, expected] of cases) {
      assert.equal(Buffer.from(fields.addTo(latin(entry + entry), 2)).toString('latin1'), expected + expected)
    }
    for (const count of [15, 16, 65_535, 65_536]) {
      const large = Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]))
      const [event] = [...readEvents({ tag: '', entries: fields.addTo(entryOf(large), 1), count: 1 })]
      assert.equal(Object.keys(event?.record ?? {}).length, count + 1)
    }
  })

  it('tell the address of the sender, and the name that DNS has for it', async (t) => {
    const { context, client } = await forwardListening(t, { source_address_key: 'from', source_hostname_key: 'host' })
    const sender = await client()
    sender.send(packed('t', numberedEntries(2), { chunk: 'one' }))
    await context.received(2)
    const [first] = context.records
    assert.deepEqual([first?.['n'], first?.['from']], [0, '127.0.0.1'])
    assert.match(String(first?.['host']), /^[\w.-]+$/)
  })
})
