import { type Event, type EventTime, setField, toIsoText, type Value } from 'sluice/plugin'

/** What the events of one capture have in common. */
export interface Capture {
  readonly id: string
  readonly trigger: string
  /** Time of its first trigger. */
  readonly at: EventTime
}

/** The same events of the same source make the same name, be they live or replayed. */
export function captureOf(trigger: string, source: string, at: EventTime): Capture {
  return { id: `${trigger}/${toIsoText(at)}${source === '' ? '' : `/${source}`}`, trigger, at }
}

/** The event with the marks of its capture. */
export function marked(event: Event, { id, trigger, at }: Capture): Event {
  const record: Record<string, Value> = { ...event.record }
  setField(record, 'capture.id', id)
  setField(record, 'capture.trigger', trigger)
  setField(record, 'capture.offset_s', secondsBetween(at, event.time))
  return { ...event, record }
}

function secondsBetween(from: EventTime, to: EventTime): number {
  return to.seconds - from.seconds + (to.nanoseconds - from.nanoseconds) / 1e9
}
