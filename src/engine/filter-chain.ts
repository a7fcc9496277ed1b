import type { Event } from '../event/event.js'
import type { Filter } from '../plugin/define.js'

/** The filters whose patterns match a tag, in order. */
export type FiltersOf = (tag: string) => readonly Filter[]

/**
 * Runs an event through the filters of its tag and answers what comes out. An event that comes out under another tag goes
 * through the filters of that one, from the first; a filter that gave it its tag is passed over, so it ends. A filter that
 * throws gives the event up: the error goes to the caller.
 */
export function applyFilters(filtersOf: FiltersOf, event: Event, passed: readonly Filter[] = none): readonly Event[] {
  const { tag } = event
  let events: readonly Event[] = [event]
  let moved: readonly Event[] = none
  for (const filter of filtersOf(tag)) {
    if (events.length === 0) break
    if (passed.includes(filter)) continue
    events = events.length === 1 ? outcome(filter, events[0] as Event) : events.flatMap((each) => outcome(filter, each))
    const away = events.filter((each) => each.tag !== tag)
    if (away.length === 0) continue
    events = events.filter((each) => each.tag === tag)
    moved = [...moved, ...away.flatMap((each) => applyFilters(filtersOf, each, [...passed, filter]))]
  }
  return moved.length === 0 ? events : [...events, ...moved]
}

const none: readonly never[] = []

function outcome(filter: Filter, event: Event): readonly Event[] {
  const result = filter.apply(event)
  if (result === undefined) return none
  return isMany(result) ? result : [result]
}

function isMany(result: Event | readonly Event[]): result is readonly Event[] {
  return Array.isArray(result)
}
