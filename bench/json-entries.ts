import { EntryWriter } from '../src/event/entry-writer.js'
import type { EventRecord } from '../src/event/event.js'
import { JsonEntries } from '../src/event/json-entries.js'
import { jsonRecords } from '../src/event/json-records.js'
import { readJson } from '../src/event/json-reader.js'
import { type CostRow, measure, printCosts } from './measure.js'

/** What it costs to make entries of JSON, beside JSON.parse alone, and beside ways that make an object of each event. */

const count = 250
const time = { seconds: 1_795_467_780, nanoseconds: 123_456_789 }
const texts = Array.from({ length: count }, (_none, index) =>
  JSON.stringify({
    device: `gateway-${index % 10}`,
    sensor: 'engine.coolant.temperature',
    state: index % 3 > 0 ? 'running' : 'idling.',
    sequence: 104_000 + index,
    rpm: 2150 + index,
    ok: true,
    value: 87.25 + (index % 8),
    voltage: 13.875,
    position: { latitude: 48.137154, longitude: 11.576124, altitude: 519 },
    note: 'nominal',
  }),
)
const size = texts[0]?.length ?? 0
const writer = new EntryWriter(1 << 20)
const entries = new JsonEntries(writer)

/** One body, and how each way takes it. */
interface Body {
  readonly name: string
  readonly events: number
  parse(): readonly EventRecord[]
  read(): readonly { readonly record: EventRecord }[]
  write(): number
}

const one = Buffer.from(texts[0] ?? '')
const list = Buffer.from(`[${texts.join(',')}]`)
const lines = Buffer.from(texts.join('\n'))

const bodies: readonly Body[] = [
  {
    name: 'one object',
    events: 1,
    parse: () => [JSON.parse(one.toString()) as EventRecord],
    read: () => jsonRecords(readJson(one)),
    write: () => entries.writeText(one, time),
  },
  {
    name: `list of ${count}`,
    events: count,
    parse: () => JSON.parse(list.toString()) as EventRecord[],
    read: () => jsonRecords(readJson(list)),
    write: () => entries.writeText(list, time),
  },
  {
    name: `${count} lines`,
    events: count,
    parse: () => lines.toString().split('\n').map(parseLine),
    read: () => linesOf(lines).flatMap((line) => jsonRecords(readJson(line))),
    write: () => entries.writeLines(lines, time),
  },
]

printCosts(`JSON to entries, objects of ${size} bytes`, bodies.flatMap(rowsOf))

function rowsOf({ name, events, parse, read, write }: Body): CostRow[] {
  const floor = { name: 'JSON.parse', cost: measure(events, parse) }
  const row = (way: string, work: () => unknown): CostRow => {
    const cost = measure(events, () => {
      writer.clear()
      work()
    })
    return { name: `${name}: ${way}`, cost, unit: 'event', floor }
  }
  return [
    row('JsonEntries', write),
    row('JSON.parse, writeEvent', () => parse().forEach(encode)),
    row('readJson, writeEvent', () => read().forEach(({ record }) => encode(record))),
  ]
}

function encode(record: EventRecord): void {
  writer.writeEvent(time.seconds, time.nanoseconds, record)
}

function parseLine(line: string): EventRecord {
  return JSON.parse(line) as EventRecord
}

function linesOf(body: Buffer): Buffer[] {
  const cut: Buffer[] = []
  for (let start = 0; start < body.length;) {
    const end = body.indexOf(0x0a, start)
    cut.push(body.subarray(start, end < 0 ? body.length : end))
    start += (cut.at(-1)?.length ?? 0) + 1
  }
  return cut
}
