import { EntryWriter } from '../event/entry-writer.js'
import type { EncodedEvents, EventRecord } from '../event/event.js'
import type { EventTime } from '../event/event-time.js'

interface Group {
  readonly writer: EntryWriter
  count: number
}

/** Events on their way from one body to the log, encoded and by their tags. Used again for each body. */
export class Gatherer {
  readonly #groups = new Map<string, Group>()
  /** Its buffer serves one body after the other, which most often have one tag each. */
  readonly #writer = new EntryWriter()
  #bytes = 0

  /** Of all events that were added. */
  get bytes(): number {
    return this.#bytes
  }

  add(tag: string, time: EventTime, record: EventRecord): void {
    const group = this.#group(tag)
    const before = group.writer.size
    group.writer.writeEvent(time.seconds, time.nanoseconds, record)
    this.#bytes += group.writer.size - before
    group.count++
  }

  /** All that was added, lent until the next `clear`. */
  get events(): readonly EncodedEvents[] {
    return Array.from(this.#groups, ([tag, { writer, count }]) => ({ tag, entries: writer.peek(), count }))
  }

  clear(): void {
    this.#writer.clear()
    this.#bytes = 0
    this.#groups.clear()
  }

  #group(tag: string): Group {
    const known = this.#groups.get(tag)
    if (known) return known
    const group = { writer: this.#groups.size === 0 ? this.#writer : new EntryWriter(), count: 0 }
    this.#groups.set(tag, group)
    return group
  }
}
