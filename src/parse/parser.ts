import type { Clock } from '../base/clock.js'
import type { EventRecord, Value } from '../event/event.js'
import { setField } from '../event/record.js'
import type { parserOptions } from '../plugin/common-options.js'
import type { Parsed, Parser } from '../plugin/context.js'
import type { Codec } from '../plugin/define.js'
import { AgentError, ParseError } from '../plugin/errors.js'
import type { ValuesOf } from '../plugin/options.js'
import { fieldDecoder } from './decode-fields.js'
import { type TimeReader, timeReader } from './read-time.js'
import { type Cast, readTypes } from './types.js'

export type ParserOptions = ValuesOf<typeof parserOptions>

/** What is done to each record of a codec. */
interface Reshaping {
  readonly decode: ReturnType<typeof fieldDecoder>
  readonly timeKey: string | undefined
  readonly readTime: TimeReader
  readonly timeKeep: boolean
  readonly timeStrict: boolean
  readonly casts: ReadonlyMap<string, Cast>
  readonly skipEmpty: boolean
}

/**
 * A codec and what the user says of its fields: which one holds the time and how, and what types they have. Where a record
 * has no time field its time is that of the codec, if any. The clock serves times that leave out the year or the date.
 */
export function createParser(codec: Codec, options: ParserOptions, clock: Pick<Clock, 'wall'>): Parser {
  const { framing } = codec
  const parse = codec.parse?.bind(codec)
  if (!parse)
    throw new AgentError('PARSE_FORMAT_ONLY', 'parser: expected a codec that can parse, got one that only formats')
  const reshaping: Reshaping = {
    decode: fieldDecoder(options),
    timeKey: options.time_key,
    readTime: timeReader(options, clock),
    timeKeep: options.time_keep,
    timeStrict: options.time_strict,
    casts: readTypes(options.types ?? []),
    skipEmpty: options.skip_empty_values && codec.textFields === true,
  }
  const { decode, timeKey, casts, skipEmpty } = reshaping
  const untouched = !decode && timeKey === undefined && casts.size === 0 && !skipEmpty
  return { framing, parse: untouched ? parse : (frame) => reshapeAll(parse(frame), reshaping) }
}

/** All of a frame or, when one record is wrong, nothing: whoever sent it learns that it was refused. */
function reshapeAll(parsed: Iterable<Parsed>, reshaping: Reshaping): readonly Parsed[] {
  return Array.from(parsed, (each, index) => reshape(each, index, reshaping))
}

function reshape({ record: read, time }: Parsed, index: number, reshaping: Reshaping): Parsed {
  const record = reshaping.decode?.(read) ?? read
  const found = timeIn(record, index, reshaping)
  const left = found && !reshaping.timeKeep ? reshaping.timeKey : undefined
  const shaped = reshapeFields(record, left, reshaping)
  const own = found ?? time
  return own ? { record: shaped, time: own } : { record: shaped }
}

function reshapeFields(record: EventRecord, left: string | undefined, { casts, skipEmpty }: Reshaping): EventRecord {
  // Most records are as they should be, and a copy costs more than they did.
  if (left === undefined && casts.size === 0 && !Object.values(record).includes('')) return record
  const shaped: Record<string, Value> = {}
  for (const [key, value] of Object.entries(record)) {
    if (key === left || (skipEmpty && value === '')) continue
    setField(shaped, key, casts.get(key)?.(value) ?? value)
  }
  return shaped
}

function timeIn(record: EventRecord, index: number, { timeKey, timeStrict, readTime }: Reshaping): Parsed['time'] {
  if (timeKey === undefined || !Object.hasOwn(record, timeKey)) return undefined
  const value = record[timeKey] ?? null
  const time = readTime(value)
  if (time || !timeStrict) return time
  const shown = typeof value === 'object' ? '' : `, got "${String(value).slice(0, 64)}"`
  throw new ParseError('PARSE_TIME', `${timeKey}: expected a time in the format of this parser${shown}`, index)
}
