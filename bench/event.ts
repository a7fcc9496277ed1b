import { readEvents } from '../src/event/entry-reader.js'
import { countEntries } from '../src/event/entry-skipper.js'
import { EntryWriter } from '../src/event/entry-writer.js'
import type { EncodedEvents, EventRecord } from '../src/event/event.js'
import { readJson } from '../src/event/json-reader.js'
import { writeJson } from '../src/event/json-writer.js'
import { measure, printCosts } from './measure.js'

/** What encoding costs an event, beside what the platform takes for the same bytes or the same objects. */

const count = 1000
const records: readonly EventRecord[] = Array.from({ length: count }, (_none, index) => ({
  device: `gateway-${index % 10}`,
  sensor: 'engine.coolant.temperature',
  value: 87.25 + index / 8,
  count: index * 37,
  ok: index % 3 > 0,
}))
const writer = new EntryWriter(1 << 20)

function writeAll(): void {
  writer.clear()
  for (const record of records) writer.writeEvent(1_795_467_780, 123_456_789, record)
}

function readAll(events: EncodedEvents): number {
  let fields = 0
  for (const { record } of readEvents(events)) fields += record['count'] === undefined ? 0 : 1
  return fields
}

writeAll()
const entries = Buffer.from(writer.peek())
const chunk = { tag: 'bench', entries, count }
const copy = Buffer.alloc(entries.length)
const lines = records.map((record) => Buffer.from(JSON.stringify(record)))
const json = { dateKey: 'date', dateFormat: 'double', shape: 'lines' } as const

const stringify = measure(count, () => records.map((record) => Buffer.from(JSON.stringify(record))))
const parse = measure(count, () => lines.map((line) => JSON.parse(line.toString()) as unknown))
const copied = measure(count, () => copy.set(entries))

printCosts(`event: ${(entries.length / count).toFixed(0)} bytes, 5 fields`, [
  {
    name: 'writeEvent',
    cost: measure(count, writeAll),
    unit: 'event',
    floor: { name: 'JSON.stringify', cost: stringify },
  },
  {
    name: 'readEvents',
    cost: measure(count, () => readAll(chunk)),
    unit: 'event',
    floor: { name: 'JSON.parse', cost: parse },
  },
  {
    name: 'writeJson',
    cost: measure(count, () => writeJson([chunk], json)),
    unit: 'event',
    floor: { name: 'JSON.stringify', cost: stringify },
  },
  {
    name: 'readJson',
    cost: measure(count, () => lines.map((line) => readJson(line))),
    unit: 'event',
    floor: { name: 'JSON.parse', cost: parse },
  },
  {
    name: 'countEntries',
    cost: measure(count, () => countEntries(entries)),
    unit: 'event',
    floor: { name: 'copy', cost: copied },
  },
])
