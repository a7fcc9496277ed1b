import type { EncodedEvents } from '../event/event.js'
import { unavailable } from '../http/http-error.js'
import type { InputContext } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'

/** Hands events to the log. Resolves when the promise of the `ack` level holds for all of them; else there is an HttpError. */
export async function takeEvents(events: readonly EncodedEvents[], context: InputContext): Promise<void> {
  // All are handed over before anything is waited for: their bytes are lent.
  const taken = events.filter(({ count }) => count > 0).map((group) => taking(group, context))
  try {
    await Promise.all(taken)
  } catch (error) {
    throw unavailable(`the events were not taken: ${messageOf(error)}`, 1, 'not_taken')
  }
}

function taking({ tag, entries, count }: EncodedEvents, context: InputContext): Promise<void> {
  return new Promise((resolve, reject) => {
    context.emitEntries(tag, entries, count, (error) => (error ? reject(error) : resolve()))
  })
}
