import { isUtf8 } from 'node:buffer'
import { EntryWriter, type EventRecord, type EventTime, type Parser, toEventTime } from 'sluice/plugin'
import type { LineSink } from './cut-lines.js'

export interface RecordShape {
  readonly key: string
  readonly path_key: string | undefined
  readonly offset_key: string | undefined
  readonly skip_empty_lines: boolean
}

/** Where the bytes of a block come from, and the time of reading. */
export interface Source {
  readonly path: string
  /** Of the first byte of the block in its file. */
  readonly offset: number
  readonly wallMs: number
  /** Stands for the file: its lines are one stream to a parser. */
  readonly file: object
}

/** Makes the lines of one block into one run of entries. */
export interface LineEvents extends LineSink {
  begin(block: Buffer, source: Source): void
  readonly writer: EntryWriter
  readonly count: number
}

const roomForBlock = 64 * 1024

const nowhere: Source = { path: '', offset: 0, wallMs: 0, file: {} }

/** Encodes lines as they are, with no object for a line. */
export class PlainLines implements LineEvents {
  readonly writer = new EntryWriter(roomForBlock)
  count = 0
  readonly #shape: RecordShape
  readonly #fields: number
  #source: Source = nowhere
  #time: EventTime = { seconds: 0, nanoseconds: 0 }
  /** Up to here the block is known to be UTF-8. */
  #utf8End = 0

  constructor(shape: RecordShape) {
    this.#shape = shape
    this.#fields = 1 + (shape.path_key === undefined ? 0 : 1) + (shape.offset_key === undefined ? 0 : 1)
  }

  /** Asks once for all whole lines of a block whether they are UTF-8: its end may be in the middle of a character. */
  begin(block: Buffer, source: Source): void {
    this.writer.clear()
    this.count = 0
    this.#source = source
    this.#time = toEventTime(source.wallMs)
    const whole = block.lastIndexOf('\n') + 1
    this.#utf8End = isUtf8(block.subarray(0, whole)) ? whole : 0
  }

  line(block: Buffer, start: number, end: number): void {
    const { writer } = this
    const { key, path_key: pathKey, offset_key: offsetKey, skip_empty_lines: skipsEmpty } = this.#shape
    if (skipsEmpty && start === end) return
    writer.writeEntryHeader(this.#time.seconds, this.#time.nanoseconds)
    writer.writeMapHeader(this.#fields)
    if (pathKey !== undefined) {
      writer.writeString(pathKey)
      writer.writeString(this.#source.path)
    }
    if (offsetKey !== undefined) {
      writer.writeString(offsetKey)
      writer.writeNumber(this.#source.offset + start)
    }
    writer.writeString(key)
    if (end <= this.#utf8End || isUtf8(block.subarray(start, end))) writer.writeBytesAsString(block, start, end)
    else writer.writeString(block.toString('utf8', start, end))
    this.count++
  }
}

/** Gives the lines of each file to a parser of its own; one that it does not understand is kept as it is. */
export class ParsedLines implements LineEvents {
  readonly writer = new EntryWriter(roomForBlock)
  count = 0
  readonly #shape: RecordShape
  readonly #newParser: () => Parser
  readonly #unparsed: () => void
  readonly #parsers = new WeakMap<object, Parser>()
  #parser: Parser
  #source: Source = nowhere
  #time: EventTime = { seconds: 0, nanoseconds: 0 }

  constructor(shape: RecordShape, newParser: () => Parser, unparsed: () => void) {
    this.#shape = shape
    this.#newParser = newParser
    this.#parser = newParser()
    this.#unparsed = unparsed
  }

  begin(_block: Buffer, source: Source): void {
    this.writer.clear()
    this.count = 0
    this.#source = source
    this.#time = toEventTime(source.wallMs)
    this.#parser = this.#parserOf(source.file)
  }

  line(block: Buffer, start: number, end: number): void {
    if (this.#shape.skip_empty_lines && start === end) return
    const before = { size: this.writer.size, count: this.count }
    try {
      for (const { record, time = this.#time } of this.#parser.parse(block.subarray(start, end))) {
        this.#write(time, record, start)
      }
    } catch {
      this.writer.rewind(before.size)
      this.count = before.count
      this.#unparsed() // which is counted; a log line for each would be a second log
      this.#write(this.#time, { [this.#shape.key]: block.toString('utf8', start, end) }, start)
    }
  }

  #parserOf(file: object): Parser {
    const known = this.#parsers.get(file)
    if (known) return known
    const parser = this.#newParser()
    this.#parsers.set(file, parser)
    return parser
  }

  #write(time: EventTime, record: EventRecord, start: number): void {
    const { path_key: pathKey, offset_key: offsetKey } = this.#shape
    this.writer.writeEvent(time.seconds, time.nanoseconds, {
      ...(pathKey === undefined ? {} : { [pathKey]: this.#source.path }),
      ...(offsetKey === undefined ? {} : { [offsetKey]: this.#source.offset + start }),
      ...record,
    })
    this.count++
  }
}
