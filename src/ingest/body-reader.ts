import { EntryWriter } from '../event/entry-writer.js'
import type { EncodedEvents, EventRecord, Value } from '../event/event.js'
import { toEventTime } from '../event/event-time.js'
import { JsonEntries } from '../event/json-entries.js'
import { HttpError } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { InputContext, Parser } from '../plugin/context.js'
import type { Reading } from './endpoint.js'
import { Gatherer } from './gatherer.js'
import type { IngestOptions } from './ingest-options.js'
import { recordsIn } from './records-in.js'
import { refusal } from './refusal.js'
import { requestFields } from './request-fields.js'

/** One body, and what is known of it. */
export interface Body {
  readonly reading: Reading
  readonly bytes: Buffer
  /** Of events that hold none themselves. */
  readonly tag: string
}

/** Makes events of bodies: of each all of them, or none. */
export class BodyReader {
  readonly #context: InputContext
  readonly #tagKey: string | undefined
  readonly #fieldsOf: ((exchange: HttpExchange) => EventRecord) | undefined
  readonly #gatherer = new Gatherer()
  readonly #writer = new EntryWriter()
  readonly #json = new JsonEntries(this.#writer)

  constructor(options: IngestOptions, context: InputContext) {
    this.#context = context
    this.#tagKey = options.tag_key
    this.#fieldsOf = requestFields(options)
  }

  /** The events of a body, lent until the next call. Throws an HttpError 400 that tells the index of the first bad one. */
  read(exchange: HttpExchange, body: Body): readonly EncodedEvents[] {
    const { reading } = body
    try {
      if (typeof reading !== 'string') return this.#parse(exchange, body, reading)
      const asObjects = this.#tagKey !== undefined || this.#fieldsOf
      return asObjects ? this.#parse(exchange, body, this.#context.parser(reading)) : this.#transcode(body)
    } catch (error) {
      throw refusal(error)
    }
  }

  /** Nothing of the request goes into the records, and nothing of them is asked for: they never become objects. */
  #transcode({ reading, bytes, tag }: Body): readonly EncodedEvents[] {
    const now = toEventTime(this.#context.clock.wall())
    this.#writer.clear()
    const count = reading === 'json' ? this.#json.writeText(bytes, now) : this.#json.writeLines(bytes, now)
    return [{ tag, entries: this.#writer.peek(), count }]
  }

  #parse(exchange: HttpExchange, { bytes, tag }: Body, parser: Parser): readonly EncodedEvents[] {
    this.#gatherer.clear()
    const now = toEventTime(this.#context.clock.wall())
    const fields = this.#fieldsOf?.(exchange)
    for (const { record, time = now } of recordsIn(bytes, parser)) {
      this.#gatherer.add(this.#tagIn(record) ?? tag, time, fields ? { ...record, ...fields } : record)
      if (this.#gatherer.bytes > exchange.limits.inflatedBytes) throw tooMuch(exchange.limits.inflatedBytes)
    }
    return this.#gatherer.events
  }

  #tagIn(record: EventRecord): string | undefined {
    const value: Value | undefined = this.#tagKey === undefined ? undefined : record[this.#tagKey]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
}

/** What stands once in a body, such as the labels of a stream, is in each of its events. */
function tooMuch(limitBytes: number): HttpError {
  const detail = `body: expected events of at most ${limitBytes} bytes in all; send fewer at a time`
  return new HttpError(413, detail, { reason: 'events_too_long' })
}
