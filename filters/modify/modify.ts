import type { Event, Filter } from 'sluice/plugin'
import type { Condition } from './conditions.js'
import type { Change } from './changes.js'

export function modifier(conditions: readonly Condition[], changes: readonly Change[]): Filter {
  return {
    apply(event: Event): Event {
      for (const holds of conditions) if (!holds(event)) return event
      let { record } = event
      for (const change of changes) record = change(record)
      return record === event.record ? event : { ...event, record }
    },
  }
}
