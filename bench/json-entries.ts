import { EntryWriter } from '../src/event/entry-writer.js'
import type { EventRecord } from '../src/event/event.js'
import { JsonEntries } from '../src/event/json-entries.js'
import { jsonRecords } from '../src/event/json-records.js'
import { readJson } from '../src/event/json-reader.js'
import { type CostRow, measure, printCosts } from './measure.js'

/** What it costs to make entries of JSON, beside doing so by way of objects, and beside making the objects alone. */

const count = 250
const time = { seconds: 1_795_467_780, nanoseconds: 123_456_789 }
const records = Array.from({ length: count }, (_none, index) => ({
  device: `gateway-${index % 10}`,
  sensor: 'engine.coolant.temperature',
  state: index % 3 > 0 ? 'running' : 'idling.',
  sequence: 104_000 + index,
  rpm: 2150 + index,
  ok: true,
  value: 87.25 + (index % 12),
  voltage: 13.875,
  position: { latitude: 48.137154, longitude: 11.576124, altitude: 519, satellites: 9 },
  note: 'within limits of the day',
}))
const texts = records.map((record) => JSON.stringify(record))
const one = Buffer.from(texts[0] ?? '')
const list = Buffer.from(`[${texts.join(',')}]`)
const lines = Buffer.from(texts.join('\n'))

const writer = new EntryWriter(1 << 20)
const entries = new JsonEntries(writer)

function encode(record: EventRecord): void {
  writer.writeEvent(time.seconds, time.nanoseconds, record)
}

const cleared = (work: () => unknown) => (): void => {
  writer.clear()
  work()
}

const parseLines = (): EventRecord[] =>
  lines
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line) as EventRecord)
const parseList = (): EventRecord[] => JSON.parse(list.toString()) as EventRecord[]
const parseOne = (): EventRecord => JSON.parse(one.toString()) as EventRecord

const shapes = [
  {
    name: 'one object',
    events: 1,
    parse: parseOne,
    encode: () => encode(parseOne()),
    read: () => jsonRecords(readJson(one)),
    pack: () => entries.writeText(one, time),
  },
  {
    name: `a list of ${count}`,
    events: count,
    parse: parseList,
    encode: () => parseList().forEach(encode),
    read: () => jsonRecords(readJson(list)),
    pack: () => entries.writeText(list, time),
  },
  {
    name: `${count} lines`,
    events: count,
    parse: parseLines,
    encode: () => parseLines().forEach(encode),
    read: () => jsonRecords(readJson(list)),
    pack: () => entries.writeLines(lines, time),
  },
]

printCosts(
  `JSON to entries: objects of ${(lines.length / count - 1).toFixed(0)} bytes`,
  shapes.flatMap((shape): CostRow[] => {
    const parse = measure(shape.events, shape.parse)
    const encoded = measure(shape.events, cleared(shape.encode))
    const packed = measure(shape.events, cleared(shape.pack))
    return [
      { name: `${shape.name}: JsonEntries`, cost: packed, unit: 'event', floor: { name: 'JSON.parse', cost: parse } },
      {
        name: `${shape.name}: JsonEntries`,
        cost: packed,
        unit: 'event',
        floor: { name: 'JSON.parse + writeEvent', cost: encoded },
      },
      {
        name: `${shape.name}: readJson`,
        cost: measure(shape.events, shape.read),
        unit: 'event',
        floor: { name: 'JSON.parse', cost: parse },
      },
    ]
  }),
)
