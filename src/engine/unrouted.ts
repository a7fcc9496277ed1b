import type { LedgerFigures } from '../observe/ledger.js'

export interface Unrouted {
  readonly events: number
  /** Ids of the outputs that they waited for. */
  readonly outputs: readonly string[]
}

/** Events that waited for outputs which a new configuration does not have; undefined where there are none. */
export function unrouted(before: LedgerFigures, now: LedgerFigures): Unrouted | undefined {
  const lost = Object.entries(now.outputs).flatMap(([id, { dropped }]) => {
    const events = (dropped['no_route'] ?? 0) - (before.outputs[id]?.dropped['no_route'] ?? 0)
    return events > 0 ? [{ id, events }] : []
  })
  if (lost.length === 0) return undefined
  return { events: lost.reduce((sum, { events }) => sum + events, 0), outputs: lost.map(({ id }) => id) }
}
