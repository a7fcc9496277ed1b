import { readEvents } from '../event/entry-reader.js'
import { EntryWriter } from '../event/entry-writer.js'
import type { EncodedEvents, EventRecord, Value } from '../event/event.js'
import { toEventTime } from '../event/event-time.js'
import { JsonEntries } from '../event/json-entries.js'
import { HttpError } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { InputContext, Parsed } from '../plugin/context.js'
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
  /** What of a request goes into each of its events, if anything does. */
  readonly fieldsOf: ((exchange: HttpExchange) => EventRecord) | undefined
  readonly #gatherer = new Gatherer()
  readonly #writer = new EntryWriter()
  readonly #json = new JsonEntries(this.#writer)

  constructor(options: IngestOptions, context: InputContext) {
    this.#context = context
    this.#tagKey = options.tag_key
    this.fieldsOf = requestFields(options)
  }

  /** The events of a body, lent until the next call. Throws an HttpError 400 that tells the index of the first bad one. */
  read(exchange: HttpExchange, body: Body): readonly EncodedEvents[] {
    const { reading } = body
    try {
      if (typeof reading !== 'string') return this.#gather(exchange, body, recordsIn(body.bytes, reading))
      const events = this.#transcode(reading, body)
      checkSize(events.entries.length, exchange)
      const asObjects = this.#tagKey !== undefined || this.fieldsOf !== undefined
      return asObjects ? this.#gather(exchange, body, readEvents(events)) : [events]
    } catch (error) {
      throw refusal(error)
    }
  }

  /** JSON never becomes objects where nothing of the request goes into the records, and nothing of them is asked for. */
  #transcode(reading: 'json' | 'ndjson', { bytes, tag }: Body): EncodedEvents {
    const now = toEventTime(this.#context.clock.wall())
    this.#writer.clear()
    const count = reading === 'json' ? this.#json.writeTexts(bytes, now) : this.#json.writeLines(bytes, now)
    return { tag, entries: this.#writer.peek(), count }
  }

  #gather(exchange: HttpExchange, { tag }: Body, events: Iterable<Parsed>): readonly EncodedEvents[] {
    this.#gatherer.clear()
    const now = toEventTime(this.#context.clock.wall())
    const fields = this.fieldsOf?.(exchange)
    for (const { record, time = now } of events) {
      this.#gatherer.add(this.#tagIn(record) ?? tag, time, fields ? { ...record, ...fields } : record)
      checkSize(this.#gatherer.bytes, exchange)
    }
    return this.#gatherer.events
  }

  #tagIn(record: EventRecord): string | undefined {
    const value: Value | undefined = this.#tagKey === undefined ? undefined : record[this.#tagKey]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
}

/** What stands once in a body, such as the labels of a stream, is in each of its events, and each has a time. */
function checkSize(bytes: number, { limits: { inflatedBytes } }: HttpExchange): void {
  if (bytes <= inflatedBytes) return
  const detail = `body: expected events of at most ${inflatedBytes} bytes in all; send fewer at a time`
  throw new HttpError(413, detail, { reason: 'events_too_long' })
}
