import { capture } from '../filters/capture/capture.js'
import { EntryWriter } from '../src/event/entry-writer.js'
import type { Event, EventRecord } from '../src/event/event.js'
import { conditionOf } from '../src/expression/index.js'
import type { FilterContext } from '../src/plugin/context.js'
import { measure, printCosts } from './measure.js'

/** What the filter `capture` costs an event that it holds, beside encoding it, which holding includes. */

const count = 1000
const perSecond = 8000

const records: readonly EventRecord[] = Array.from({ length: count }, (_none, index) => ({
  bus: 'can0',
  id: 0x100 + (index % 20),
  name: `Message${index % 20}`,
  speed_kmh: 50 + (index % 100) / 10,
  accel_ms2: -1 - (index % 7) / 8,
  throttle: index % 100,
  brake: index % 2 > 0,
}))

const context: Pick<FilterContext, 'id' | 'count' | 'reserve' | 'release'> = {
  id: 'capture.0',
  count: () => undefined,
  reserve: () => true,
  release: () => undefined,
}

const settings = {
  when: 'accel_ms2 < -6 and speed_kmh > 20',
  trigger: 'rising',
  for: 0,
  before: 10_000,
  after: 10_000,
  cooldown: 0,
  key: undefined,
  source_key: undefined,
  ring_size: 8 << 20,
  max_rings: 64,
  mark: true,
  keep: false,
} as const

/** Gives the filter a thousand events more with each call, as a saturated bus would. */
function feeder(more: Partial<Parameters<typeof capture>[0]>): () => void {
  const filter = capture({ ...settings, ...more }, context as FilterContext)
  let at = 0
  return () => {
    for (const record of records) {
      at++
      const nanoseconds = (at % perSecond) * (1e9 / perSecond)
      const event: Event = {
        tag: 'vehicle.can0',
        time: { seconds: 1e9 + Math.floor(at / perSecond), nanoseconds },
        record,
      }
      filter.apply(event)
    }
  }
}

const writer = new EntryWriter(1 << 20)
const encoded = measure(count, () => {
  writer.clear()
  for (const record of records) writer.writeEvent(1_795_467_780, 123_456_789, record)
})
const holds = conditionOf('when', settings.when)
const judged = measure(count, () => records.filter((record) => holds({ tag: 'a', record })).length)
const floor = { name: 'encoding', cost: encoded }

printCosts('capture: 7 fields, 8,000 events/s, 10 s before', [
  { name: 'condition of two fields', cost: judged, unit: 'event' },
  { name: 'held', cost: measure(count, feeder({})), unit: 'event', floor },
  { name: 'held, a ring for each message', cost: measure(count, feeder({ key: 'name' })), unit: 'event', floor },
  {
    name: 'passed within a window, marked',
    cost: measure(count, feeder({ when: 'true', after: 1e12 })),
    unit: 'event',
  },
  { name: 'passed by keep', cost: measure(count, feeder({ keep: true })), unit: 'event' },
])
