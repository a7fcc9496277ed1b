import type { EncodedEvents } from '../event/event.js'
import { type HttpError, unavailable } from '../http/http-error.js'
import type { Ack, InputContext } from '../plugin/context.js'
import { messageOf } from '../plugin/errors.js'

/** Told once: with nothing when the promise of the `ack` level holds for all events, with an error as soon as it is broken for one. */
export type Taken = (error?: HttpError) => void

/** Hands events to the log, all of them before this returns: their bytes are lent. */
export function takeEvents(events: readonly EncodedEvents[], context: InputContext, taken: Taken): void {
  const settled = shared(events.length, taken)
  if (events.length === 0) taken()
  for (const { tag, entries, count } of events) {
    if (count > 0) context.emitEntries(tag, entries, count, settled)
    else settled()
  }
}

function shared(parts: number, taken: Taken): Ack {
  let waiting = parts
  return (error) => {
    if (waiting <= 0) return
    waiting = error ? 0 : waiting - 1
    if (error) taken(unavailable(`the events were not taken: ${messageOf(error)}`, 1, 'not_taken'))
    else if (waiting === 0) taken()
  }
}
