import type { EncodedEvents } from '../event/event.js'
import { unavailable } from '../http/http-error.js'
import type { InputContext } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'

/**
 * Hands events to the log, all of them before this returns: their bytes are lent. Resolves when the promise of the `ack` level holds
 * for all; rejects with an HttpError as soon as it is broken for one.
 */
export function takeEvents(events: readonly EncodedEvents[], context: InputContext): Promise<void> {
  return new Promise((resolve, reject) => {
    let waiting = events.length
    const settled = (error?: Error): void => {
      if (error) reject(unavailable(`the events were not taken: ${messageOf(error)}`, 1, 'not_taken'))
      else if (--waiting === 0) resolve()
    }
    for (const { tag, entries, count } of events) {
      if (count > 0) context.emitEntries(tag, entries, count, settled)
      else settled()
    }
    if (events.length === 0) resolve()
  })
}
