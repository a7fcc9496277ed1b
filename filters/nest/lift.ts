import { type Event, isRecord, setField, type Value } from 'sluice/plugin'
import type { Rename } from './prefix.js'

export interface Lift {
  readonly under: string
  readonly rename: Rename
}

/** Puts the fields of a map behind those of the record, in whose place the map was; one of the same name is replaced. */
export function lift(event: Event, { under, rename }: Lift): Event {
  const { record } = event
  const inner = Object.hasOwn(record, under) ? record[under] : undefined
  if (!isRecord(inner)) return event
  const lifted: Record<string, Value> = {}
  for (const [key, value] of Object.entries(record)) if (key !== under) setField(lifted, key, value)
  for (const [key, value] of Object.entries(inner)) setField(lifted, rename(key), value)
  return { ...event, record: lifted }
}
