import { type Event, type EventRecord, isRecord, type PluginContext, setField, type Value } from 'sluice/plugin'
import type { Rename } from './prefix.js'

export interface Nest {
  readonly wildcards: readonly string[]
  readonly under: string
  readonly rename: Rename
}

/** Moves the fields that match into one map, behind all others. One that is there already takes them in. */
export function nest(event: Event, { wildcards, under, rename }: Nest, context: Pick<PluginContext, 'count'>): Event {
  const { record } = event
  const moves = (key: string): boolean => key !== under && wildcards.some((wildcard) => matches(key, wildcard))
  if (!Object.keys(record).some(moves)) return event
  const there = Object.hasOwn(record, under) ? record[under] : {}
  if (!isRecord(there)) {
    context.count('nest_conflicts')
    return event
  }
  const outer: Record<string, Value> = {}
  const inner: Record<string, Value> = copyOf(there)
  for (const [key, value] of Object.entries(record)) {
    if (moves(key)) setField(inner, rename(key), value)
    else if (key !== under) setField(outer, key, value)
  }
  setField(outer, under, inner)
  return { ...event, record: outer }
}

function matches(key: string, wildcard: string): boolean {
  return wildcard.endsWith('*') ? key.startsWith(wildcard.slice(0, -1)) : key === wildcard
}

function copyOf(record: EventRecord): Record<string, Value> {
  const copy: Record<string, Value> = {}
  for (const [key, value] of Object.entries(record)) setField(copy, key, value)
  return copy
}
