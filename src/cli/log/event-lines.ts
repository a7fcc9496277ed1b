import { ByteSink } from '../../event/byte-sink.js'
import { mustBeMap, readEntryTime } from '../../event/entry-reader.js'
import { skipValue } from '../../event/entry-skipper.js'
import { type EventTime, toIsoText } from '../../event/event-time.js'
import { writeDigits } from '../../event/json-number.js'
import { writeAscii } from '../../event/json-text.js'
import { JsonTranscoder } from '../../event/json-transcoder.js'
import { toJson } from '../../event/json-writer.js'
import { MsgpackReader } from '../../event/msgpack-reader.js'
import type { Frame } from '../../log/disk/frame.js'

/** Which events are written: those from `since` on and before `until`, and no more than `limit` of them. */
export interface Wanted {
  readonly since?: EventTime | undefined
  readonly until?: EventTime | undefined
  readonly limit?: number | undefined
}

/** The events of frames as lines of JSON text, with no object built of a record. */
export class EventLines {
  readonly #wanted: Wanted
  readonly #sink = new ByteSink(64 * 1024)
  #left: number
  #second = -1
  #secondText = ''
  #tag = ''
  #input = ''
  #middle: Buffer | undefined

  constructor(wanted: Wanted) {
    this.#wanted = wanted
    this.#left = wanted.limit ?? Infinity
  }

  /** Bytes that wait to be taken. */
  get bytes(): number {
    return this.#sink.at
  }

  /** Whether no more events are wanted. */
  get isFull(): boolean {
    return this.#left <= 0
  }

  take(): Uint8Array {
    return this.#sink.take()
  }

  /** Throws `EVENT_CORRUPT` where the entries are none; the events before stay written. */
  add({ tag, input, entries }: Pick<Frame, 'tag' | 'input' | 'entries'>): void {
    const middle = this.#middleOf(tag, input)
    const reader = new MsgpackReader(entries)
    const records = new JsonTranscoder(reader, this.#sink)
    while (reader.at < entries.length && !this.isFull) {
      const time = readEntryTime(reader)
      mustBeMap(reader)
      if (this.#isWanted(time)) this.#write(time, middle, records)
      else reader.at = skipValue(entries, reader.at)
    }
  }

  /** What stands between the time and the record; chunks of one tag and input often follow each other. */
  #middleOf(tag: string, input: string): Buffer {
    if (!this.#middle || tag !== this.#tag || input !== this.#input) {
      this.#middle = Buffer.from(`Z","tag":${toJson(tag)},"input":${toJson(input)},"record":`)
      this.#tag = tag
      this.#input = input
    }
    return this.#middle
  }

  #write(time: EventTime, middle: Buffer, records: JsonTranscoder): void {
    const start = this.#sink.at
    try {
      this.#writeTime(time)
      this.#sink.raw(middle, 0, middle.length)
      records.writeValue()
      writeAscii(this.#sink, '}\n')
      this.#left--
    } catch (error) {
      this.#sink.at = start
      throw error
    }
  }

  /** Events of one second share the text of it. */
  #writeTime(time: EventTime): void {
    if (time.seconds !== this.#second) {
      this.#second = time.seconds
      this.#secondText = `{"time":"${toIsoText(time).slice(0, 19)}.`
    }
    writeAscii(this.#sink, this.#secondText)
    writeDigits(this.#sink, time.nanoseconds, 9)
  }

  #isWanted(time: EventTime): boolean {
    const { since, until } = this.#wanted
    return (!since || compare(time, since) >= 0) && (!until || compare(time, until) < 0)
  }
}

function compare(one: EventTime, other: EventTime): number {
  return one.seconds - other.seconds || one.nanoseconds - other.nanoseconds
}
