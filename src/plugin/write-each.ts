import { readEvents } from '../event/entry-reader.js'
import type { EncodedEvents, Event } from '../event/event.js'
import type { Refuse } from './context.js'

/** For formatters: gives every event to `write`, which answers why it cannot be written, or nothing. */
export function writeEach(
  chunks: readonly EncodedEvents[],
  refuse: Refuse,
  write: (event: Event) => string | undefined,
): void {
  let index = 0
  for (const chunk of chunks) {
    for (const event of readEvents(chunk)) {
      const reason = write(event)
      if (reason !== undefined) refuse(index, reason)
      index++
    }
  }
}
