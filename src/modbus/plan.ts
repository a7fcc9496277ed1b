import { isBitTable, type Table } from './pdu.js'

/** Where a value stands. */
export interface Place {
  readonly table: Table
  /** Its first register or bit, counted from 0. */
  readonly address: number
  /** Registers or bits. */
  readonly size: number
}

/** What one request reads, and for which values. */
export interface Block<P extends Place> {
  readonly table: Table
  readonly start: number
  readonly count: number
  readonly places: readonly P[]
}

export interface PlanLimits {
  /** Most registers in one request; 125 by the protocol. */
  readonly registers: number
  /** Most coils or discrete inputs in one request; 2000 by the protocol. */
  readonly bits: number
  /** Most registers or bits between two values that are read although nobody asked for them. */
  readonly gap: number
}

/** Few requests for many values: neighbours are read together as far as the limits allow. A value is never cut in two. */
export function planReads<P extends Place>(places: readonly P[], limits: PlanLimits): Block<P>[] {
  const blocks: Growing<P>[] = []
  for (const place of places.toSorted(inOrder)) {
    const block = blocks.at(-1)
    if (block && fits(block, place, limits)) grow(block, place)
    else blocks.push({ table: place.table, start: place.address, count: place.size, places: [place] })
  }
  return blocks
}

interface Growing<P extends Place> extends Block<P> {
  count: number
  readonly places: P[]
}

function inOrder(one: Place, other: Place): number {
  return one.table.localeCompare(other.table) || one.address - other.address
}

function fits({ table, start, count }: Block<Place>, place: Place, limits: PlanLimits): boolean {
  const most = isBitTable(table) ? limits.bits : limits.registers
  const isNear = place.address - (start + count) <= limits.gap
  return place.table === table && isNear && place.address + place.size - start <= most
}

function grow<P extends Place>(block: Growing<P>, place: P): void {
  block.count = Math.max(block.count, place.address + place.size - block.start)
  block.places.push(place)
}
