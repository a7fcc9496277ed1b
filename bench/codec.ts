import csv from '../codecs/csv/index.js'
import json from '../codecs/json/index.js'
import logfmt from '../codecs/logfmt/index.js'
import ltsv from '../codecs/ltsv/index.js'
import msgpack from '../codecs/msgpack/index.js'
import ndjson from '../codecs/ndjson/index.js'
import none from '../codecs/none/index.js'
import regex from '../codecs/regex/index.js'
import { systemClock } from '../src/base/clock.js'
import { EntryWriter } from '../src/event/entry-writer.js'
import type { EventRecord } from '../src/event/event.js'
import { createParser, type ParserOptions } from '../src/parse/parser.js'
import type { Parser, PluginContext } from '../src/plugin/context.js'
import type { Codec } from '../src/plugin/define.js'
import { framerOf } from '../src/plugin/framing.js'
import { parserDefaults } from '../test/support/parser-options.js'
import { type CostRow, measure, printCosts } from './measure.js'

/** What it costs to cut a stream into frames and to parse these, beside JSON.parse of the same records. */

const count = 1000
const pushBytes = 64 * 1024
const records = Array.from({ length: count }, (_none, index) => ({
  time: `2026-11-23T21:03:${String(index % 60).padStart(2, '0')}.${String(index).padStart(3, '0')}Z`,
  device: `gateway-${index % 10}`,
  sensor: 'engine.coolant.temperature',
  value: String(87.25 + index / 8),
  note: 'within the limits of the day',
}))
const lines = records.map((record) => JSON.stringify(record))

const timed: ParserOptions = { ...parserDefaults, time_key: 'time', time_format: ['%Y-%m-%dT%H:%M:%S.%L%z'] }

const context: PluginContext = {
  id: 'bench',
  clock: systemClock,
  log: { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined },
  count: () => undefined,
}
const dates = { json_date_key: 'date', json_date_format: 'double' } as const

const pattern = String.raw`^(?<time>\S+) (?<device>\S+) (?<sensor>\S+) (?<value>[\d.]+) (?<note>.*)$`
const spaced = textOf((record) => Object.values(record).join(' '))
const tabbed = textOf((record) =>
  Object.entries(record)
    .map((field) => field.join(':'))
    .join('\t'),
)
const paired = textOf((record) =>
  Object.entries(record)
    .map(([key, value]) => `${key}="${String(value)}"`)
    .join(' '),
)
const columns = Object.keys(records[0] ?? {})
const separated = textOf((record) => Object.values(record).join(','))

const floor = { name: 'JSON.parse', cost: measure(count, () => lines.map((line) => JSON.parse(line) as unknown)) }

printCosts('frames of about 150 bytes, in pushes of 64 KiB', [
  row('lines', none.create({ key: 'log', raw: false }, context), Buffer.from(lines.join('\n'))),
  row('json', json.create(dates, context), Buffer.from(lines.join(''))),
  row('msgpack', msgpack.create({}, context), packed()),
])

printCosts('frames cut and parsed, five fields', [
  row('none', none.create({ key: 'log', raw: false }, context), spaced, parserDefaults),
  row('json', json.create(dates, context), Buffer.from(lines.join('\n')), parserDefaults),
  row('ndjson', ndjson.create(dates, context), Buffer.from(lines.join('\n')), parserDefaults),
  row('ndjson with its time', ndjson.create(dates, context), Buffer.from(lines.join('\n')), timed),
  row('msgpack', msgpack.create({}, context), packed(), parserDefaults),
  row('regex', regex.create({ regex: pattern }, context), spaced, parserDefaults),
  row('regex with its time', regex.create({ regex: pattern }, context), spaced, timed),
  row('ltsv', ltsv.create({ ...dates, escapes: false }, context), tabbed, parserDefaults),
  row('logfmt', logfmt.create({ ...dates, logfmt_no_bare_keys: false }, context), paired, parserDefaults),
  row('csv', csv.create({ ...dates, columns, delimiter: ',' }, context), separated, parserDefaults),
])

function row(name: string, codec: Codec, stream: Uint8Array, parsing?: ParserOptions): CostRow {
  const parser = parsing && createParser(codec, parsing, systemClock)
  return { name, cost: measure(count, () => readAll(codec, stream, parser)), unit: 'frame', floor }
}

function readAll(codec: Codec, stream: Uint8Array, parser: Parser | undefined): number {
  const framer = framerOf(codec.framing, { maxFrame: pushBytes, onOversize: () => undefined })
  let seen = 0
  const take = (frames: Iterable<Uint8Array>): void => {
    for (const frame of frames) {
      if (!parser) seen += frame.length
      else for (const parsed of parser.parse(frame)) seen += parsed.record['note'] === undefined ? 0 : 1
    }
  }
  for (let at = 0; at < stream.length; at += pushBytes) take(framer.push(stream.subarray(at, at + pushBytes)))
  take(framer.end())
  return seen
}

function textOf(write: (record: EventRecord) => string): Buffer {
  return Buffer.from(records.map((record) => `${write(record)}\n`).join(''))
}

function packed(): Uint8Array {
  const writer = new EntryWriter()
  for (const record of records) writer.writeEvent(1_795_467_780, 123_456_789, record)
  return writer.take()
}
