import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import candump from '../../../codecs/candump/index.js'
import { fileOf, readAll } from '../../support/can-run.js'
import { codecOf } from '../../support/codec.js'
import { entryOf } from '../../support/entries.js'
import { eventsOf, frameOf, reporterOf } from '../../support/frame-reports.js'

const frames = fc.array(
  fc.record({
    id: fc.integer({ min: 0, max: 0x1fff_ffff }),
    small: fc.boolean(),
    data: fc.uint8Array({ maxLength: 8 }),
    sent: fc.boolean(),
    bus: fc.constantFrom('can0', 'can1', 'vcan7'),
  }),
  { minLength: 1, maxLength: 40 },
)

test('raw frames that are written to a log and replayed are the same records', async (t) => {
  await fc.assert(
    fc.asyncProperty(frames, async (given) => {
      const reporter = reporterOf({ mode: 'raw' })
      for (const [n, { id, small, data, sent, bus }] of given.entries()) {
        const identifier = small ? id & 0x7ff : id
        const hex = Buffer.from(data).toString('hex')
        reporter.take(frameOf(identifier, hex, 1_700_000_000_000 + n * 7, { extended: !small, sent }), bus)
      }
      const events = eventsOf(reporter).map(({ record, time }) => ({
        time,
        record: Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'message' && name !== 'source')),
      }))
      const log = codecOf(candump).formatter?.format([
        {
          tag: 'can',
          count: given.length,
          entries: Buffer.concat(events.map(({ record, time }) => entryOf(record, time.seconds, time.nanoseconds))),
        },
      ])
      const context = await readAll({ path: fileOf(t, Buffer.from(log ?? []).toString()) })
      assert.deepEqual(
        context.events.map(({ record, time }) => ({ record, time })),
        events,
      )
    }),
    { numRuns: 30 },
  )
})
