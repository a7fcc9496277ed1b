import type { Event } from '../event/event.js'
import type { Filter } from '../plugin/define.js'

/**
 * Runs an event through filters in order and answers what comes out. A filter that throws gives the event up:
 * the error goes to the caller.
 */
export function applyFilters(filters: readonly Filter[], event: Event): readonly Event[] {
  let events: readonly Event[] = [event]
  for (const filter of filters) {
    if (events.length === 0) return events
    events = events.length === 1 ? outcome(filter, events[0] as Event) : events.flatMap((each) => outcome(filter, each))
  }
  return events
}

const none: readonly Event[] = []

function outcome(filter: Filter, event: Event): readonly Event[] {
  const result = filter.apply(event)
  if (result === undefined) return none
  return isMany(result) ? result : [result]
}

function isMany(result: Event | readonly Event[]): result is readonly Event[] {
  return Array.isArray(result)
}
