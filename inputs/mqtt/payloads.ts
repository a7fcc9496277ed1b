import { isUtf8 } from 'node:buffer'
import {
  AgentError,
  type EntryWriter,
  type EventRecord,
  type EventTime,
  framerOf,
  type InputContext,
  JsonEntries,
  type Parsed,
  type Parser,
  RecentMap,
} from 'sluice/plugin'
import type { PayloadOptions } from './options.js'
import type { Topic } from './topics.js'

/** Writes the events of payloads. Throws an AgentError where one is not of the format. */
export interface Payloads {
  /** Answers how many events there are. */
  write(payload: Buffer, topic: Topic, now: EventTime): number
}

export function payloadsOf(options: PayloadOptions, context: InputContext, writer: EntryWriter): Payloads {
  const { format, parser, payload_key: key } = options
  if (parser === undefined && format === 'json' && key === undefined) return transcoded(writer)
  const read = readerOf(options, context)
  return {
    write(payload, topic, now) {
      let count = 0
      for (const { record, time = now } of read(payload, topic)) {
        writer.writeEvent(time.seconds, time.nanoseconds, withTopic(record, topic))
        count++
      }
      return count
    },
  }
}

/** JSON that never becomes objects. */
function transcoded(writer: EntryWriter): Payloads {
  const json = new JsonEntries(writer)
  return { write: (payload, { lead }, now) => json.writeText(payload, now, lead) }
}

type Read = (payload: Buffer, topic: Topic) => Iterable<Parsed>

function readerOf(options: PayloadOptions, context: InputContext): Read {
  const { format, payload_key: key } = options
  if (options.parser === undefined && format === 'plain')
    return (payload) => [{ record: { [key ?? 'payload']: textOf(payload) } }]
  if (options.parser === undefined && format === 'raw')
    return (payload) => [{ record: { [key ?? 'payload']: new Uint8Array(payload) } }]
  const read = parsedBy(options, context)
  return key === undefined ? read : (payload, topic) => nested(read(payload, topic), key)
}

function parsedBy({ format, parser: name }: PayloadOptions, context: InputContext): Read {
  if (name !== undefined) {
    const parser = context.parser(name)
    return (payload) => recordsIn(payload, parser)
  }
  // A payload of CSV begins with the names of its columns, whatever the one before had.
  if (format === 'csv') return (payload) => context.parser('csv').parse(payload)
  if (format === 'sparkplug') return sparkplugRead(context)
  const parser = context.parser(format)
  return (payload) => parser.parse(payload)
}

const mostNodes = 1000

/** Births give aliases to the metrics of one edge node (Sparkplug 3.0, section 6.4.6); topics are NAMESPACE/GROUP/TYPE/NODE/DEVICE. */
function sparkplugRead(context: InputContext): Read {
  const parsers = new RecentMap<string, Parser>(mostNodes)
  return (payload, { name }) => {
    const [, group, , node] = name.split('/')
    const key = `${group}/${node}`
    const parser = parsers.get(key) ?? context.parser('sparkplug', { aliases: true })
    parsers.set(key, parser)
    return parser.parse(payload)
  }
}

/** A parser of lines gets them one by one; any other gets all of it. */
function* recordsIn(payload: Buffer, parser: Parser): Iterable<Parsed> {
  if (parser.framing !== 'lines') return yield* parser.parse(payload)
  const framer = framerOf('lines', { maxFrame: payload.length, onOversize: () => undefined })
  for (const frame of [...framer.push(payload), ...framer.end()]) yield* parser.parse(frame)
}

function* nested(all: Iterable<Parsed>, key: string): Iterable<Parsed> {
  for (const { record, time } of all) yield { record: { [key]: record }, ...(time ? { time } : {}) }
}

/** The topic stands first, and goes before a field of its name. */
function withTopic(record: EventRecord, { lead }: Topic): EventRecord {
  return lead === undefined ? record : { ...lead.record, ...record, ...lead.record }
}

function textOf(payload: Buffer): string {
  if (!isUtf8(payload))
    throw new AgentError('MQTT_PAYLOAD', 'plain: expected text in UTF-8; bytes are read by format raw')
  return payload.toString('utf8')
}
