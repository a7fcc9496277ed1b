import type { Event, EventRecord } from '../../src/event/event.js'
import type { FilterContext, Parser } from '../../src/plugin/context.js'
import type { Filter } from '../../src/plugin/define.js'
import type { AnyDefinition } from '../../src/registry/plugin.js'
import { FakeClock } from './fake-clock.js'
import { optionsOf } from './options.js'
import { RecordingLogger } from './plugin-context.js'

type FilterDefinition = Extract<AnyDefinition, { kind: 'filter' }>

export interface FilterUnderTest {
  readonly filter: Filter
  readonly counted: { readonly [name: string]: number }
  readonly memory: FilterMemory
}

/** The memory of an agent that a filter may have. */
class FilterMemory {
  limit = Infinity
  reserved = 0

  take(bytes: number): boolean {
    const fits = this.reserved + bytes <= this.limit
    if (fits) this.reserved += bytes
    return fits
  }
}

/** The engine as a filter sees it, and what the filter counts. */
export function filterContextOf(
  parser: (name: string) => Parser = (name) => {
    throw new Error(`this test has no parser "${name}"`)
  },
): Omit<FilterUnderTest, 'filter'> & { readonly context: FilterContext } {
  const counted: Record<string, number> = {}
  const memory = new FilterMemory()
  const context: FilterContext = {
    id: 'test.0',
    log: new RecordingLogger(),
    clock: new FakeClock(),
    count: (name, amount = 1) => void (counted[name] = (counted[name] ?? 0) + amount),
    parser,
    emit: () => {
      throw new Error('no filter of this tree emits')
    },
    reserve: (bytes) => memory.take(bytes),
    release: (bytes) => memory.take(-bytes),
  }
  return { context, counted, memory }
}

/** A filter with these options, as a file has them, and what it counts. */
export function filterOf(
  definition: object,
  raw: { readonly [option: string]: unknown } = {},
  parser?: (name: string) => Parser,
): FilterUnderTest {
  const { context, ...seen } = filterContextOf(parser)
  const filter = definition as FilterDefinition
  return { filter: filter.create(optionsOf(filter, raw), context), ...seen }
}

/** An event of this record. */
export function eventOf(record: EventRecord, tag = 'a.b'): Event {
  return { tag, time: { seconds: 1_700_000_000, nanoseconds: 5 }, record }
}

/** What comes out for one event. */
export function outcomeOf(filter: Filter, event: Event): readonly Event[] {
  return [filter.apply(event) ?? []].flat()
}

/** The records that come out for one record. */
export function filtered(filter: Filter, record: EventRecord): readonly EventRecord[] {
  return outcomeOf(filter, eventOf(record)).map((event) => event.record)
}
