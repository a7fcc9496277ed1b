import { isUtf8 } from 'node:buffer'

import { AgentError } from '../base/agent-error.js'
import type { EntryWriter } from './entry-writer.js'
import type { EventTime } from './event-time.js'
import { JsonEntryError } from './json-entry-error.js'
import { JsonEventPacker } from './json-event-packer.js'
import { JsonSource } from './json-source.js'
import type { LeadingFields } from './leading-fields.js'

/**
 * Writes the events of whole bodies of JSON as msgpack entries, and makes no objects of them: byte for byte what comes of
 * `readJson`, `jsonRecords` and `EntryWriter.writeEvent`. A body is taken whole; or the writer stays as it was, and a
 * JsonEntryError `EVENT_NOT_JSON`, `EVENT_NO_RECORD` or `EVENT_TOO_DEEP` tells the first thing that is wrong.
 */
export class JsonEntries {
  readonly #source = new JsonSource()
  readonly #writer: EntryWriter
  readonly #packer: JsonEventPacker

  constructor(writer: EntryWriter) {
    this.#writer = writer
    this.#packer = new JsonEventPacker(this.#source, writer)
  }

  /**
   * Writes the events of one JSON text: an object, a pair `[seconds, object]` or `[[seconds, metadata], object]`, or a list
   * of objects and pairs. Those that state no time have this one. Answers how many there are. Each record begins with the
   * fields of `lead`, which go before those of the text; their names are the same in every call, and then in all calls.
   */
  writeText(body: Uint8Array, time: EventTime, lead?: LeadingFields): number {
    this.#packer.lead = lead
    return this.#write(body, time, 'text')
  }

  /** The same of one JSON text or more, one behind the other, with white space between them or none. */
  writeTexts(body: Uint8Array, time: EventTime): number {
    this.#packer.lead = undefined
    return this.#write(body, time, 'texts')
  }

  /** The same of JSON texts that stand on a line each, where lines of blanks are nothing. */
  writeLines(body: Uint8Array, time: EventTime): number {
    this.#packer.lead = undefined
    return this.#write(body, time, 'lines')
  }

  #write(body: Uint8Array, time: EventTime, what: 'text' | 'texts' | 'lines'): number {
    const { size } = this.#writer
    const packer = this.#packer
    const source = this.#source
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.length)
    packer.time = time
    packer.count = 0
    source.open(bytes, isUtf8(bytes) ? bytes.length : validEnd(bytes), what === 'lines')
    try {
      if (what === 'text') packer.text()
      else if (what === 'texts') packer.texts()
      else while (source.nextLine()) packer.text()
      if (source.end < bytes.length) throw source.unexpected('valid UTF-8')
      return packer.count
    } catch (error) {
      this.#writer.rewind(size)
      throw error instanceof AgentError ? new JsonEntryError(error, packer.count, source.at) : error
    } finally {
      source.close()
    }
  }
}

/** Where the first byte is that is no UTF-8: the first that decoding changes. */
function validEnd(bytes: Buffer): number {
  const repaired = Buffer.from(bytes.toString())
  let end = 0
  while (bytes[end] === repaired[end]) end++
  return end
}
