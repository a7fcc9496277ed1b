import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isBitTable, type Table, tables } from '../../../src/modbus/pdu.js'
import { type Place, planReads } from '../../../src/modbus/plan.js'

const tableNames = Object.keys(tables) as Table[]
const limits = { registers: 125, bits: 2000, gap: 0 }

function register(address: number, size = 1): Place {
  return { table: 'holding', address, size }
}

function spans(places: readonly Place[], own: Partial<typeof limits> = {}): string[] {
  return planReads(places, { ...limits, ...own }).map(({ table, start, count }) => `${table} ${start}+${count}`)
}

const anyPlace = fc.record({
  table: fc.constantFrom(...tableNames),
  address: fc.oneof(fc.nat(60), fc.nat(3000)),
  size: fc.integer({ min: 1, max: 8 }),
})
const anyLimits = fc.record({
  registers: fc.integer({ min: 8, max: 125 }),
  bits: fc.integer({ min: 8, max: 2000 }),
  gap: fc.nat(20),
})

describe('plan of requests', () => {
  it('reads neighbours together, whatever the order in which they are named', () => {
    assert.deepEqual(spans([register(4), register(0, 2), register(2, 2)]), ['holding 0+5'])
  })

  it('reads across a gap only where that is allowed', () => {
    const places = [register(0), register(3)]
    assert.deepEqual(spans(places, { gap: 1 }), ['holding 0+1', 'holding 3+1'])
    assert.deepEqual(spans(places, { gap: 2 }), ['holding 0+4'])
  })

  it('never reads from two tables at once', () => {
    assert.deepEqual(spans([register(0), { table: 'input', address: 1, size: 1 }]), ['holding 0+1', 'input 1+1'])
  })

  it('never cuts a value in two at the limit of a request', () => {
    assert.deepEqual(spans([register(0, 124), register(124, 2)]), ['holding 0+124', 'holding 124+2'])
  })

  it('has every value in one request, within the limits, and no two requests that could be one', () => {
    fc.assert(
      fc.property(fc.array(anyPlace, { minLength: 1, maxLength: 40 }), anyLimits, (places, own) => {
        const blocks = planReads(places, own)
        assert.deepEqual(new Set(blocks.flatMap((block) => block.places)), new Set(places))
        assert.equal(blocks.flatMap((block) => block.places).length, places.length)
        for (const [at, { table, start, count, places: inside }] of blocks.entries()) {
          const most = isBitTable(table) ? own.bits : own.registers
          assert.ok(count <= most)
          assert.equal(start, Math.min(...inside.map(({ address }) => address)))
          assert.equal(start + count, Math.max(...inside.map(({ address, size }) => address + size)))
          for (const place of inside) assert.equal(place.table, table)
          assert.ok(widestGap(inside) <= own.gap)
          const next = blocks[at + 1]
          const first = next?.places[0]
          if (!next || !first || next.table !== table) continue
          const isFar = next.start - (start + count) > own.gap
          assert.ok(isFar || first.address + first.size - start > most)
        }
      }),
    )
  })
})

/** Most addresses in a row that no place has. */
function widestGap(places: readonly Place[]): number {
  let [end, widest] = [Infinity, 0]
  for (const { address, size } of places.toSorted((one, other) => one.address - other.address)) {
    if (end !== Infinity) widest = Math.max(widest, address - end)
    end = end === Infinity ? address + size : Math.max(end, address + size)
  }
  return widest
}
