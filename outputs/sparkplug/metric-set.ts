import type { Value } from 'sluice/plugin'
import { typeOfValue, type WrittenType } from 'sluice/sparkplug'
import type { Sample } from './samples.js'

/** A metric that was, or will be, in a birth: its type and alias are fixed until the next one. */
export interface KnownMetric {
  readonly name: string
  readonly alias: number
  type: WrittenType
  value: Value
  timestamp: number
}

/** The metrics of an edge node, or of one of its devices, as far as events told of them. */
export class MetricSet {
  readonly #known = new Map<string, KnownMetric>()
  readonly #nextAlias: () => number
  /** A birth would say something new of the metrics there are and their types. */
  isChanged = false

  /** Aliases are unique in an edge node (Sparkplug 3.0, section 6.4.6). */
  constructor(nextAlias: () => number) {
    this.#nextAlias = nextAlias
  }

  get size(): number {
    return this.#known.size
  }

  all(): Iterable<KnownMetric> {
    return this.#known.values()
  }

  get(name: string): KnownMetric | undefined {
    return this.#known.get(name)
  }

  /** Learning of a sample would make values of its metric that are not published yet unsayable. */
  wouldReplace({ name, value }: Sample): boolean {
    const known = this.#known.get(name)?.type
    const type = typeOfValue(value)
    if (known === undefined || type === undefined || (known === 'Int64' && type === 'Double')) return false
    return widest(known, type) !== known
  }

  /** Makes room for a sample: a metric of that name and of a type that holds the value. Null alone says of no type. */
  learn({ name, value, timestamp }: Sample): void {
    const type = typeOfValue(value)
    if (type === undefined) return
    const known = this.#known.get(name)
    if (!known) {
      this.#known.set(name, { name, alias: this.#nextAlias(), type, value, timestamp })
      this.isChanged = true
      return
    }
    const wider = widest(known.type, type)
    if (wider === known.type) return
    // What was last known may be of no use as the new type.
    Object.assign(known, { type: wider, value, timestamp })
    this.isChanged = true
  }

  /** Keeps the value for a birth to come, unless a later one is known. */
  note({ name, value, timestamp }: Sample): void {
    const known = this.#known.get(name)
    if (known && timestamp >= known.timestamp) Object.assign(known, { value, timestamp })
  }
}

/** A metric that had a fraction once stays a Double, or every whole number would be a change of type. */
function widest(known: WrittenType, seen: WrittenType): WrittenType {
  return known === 'Double' && seen === 'Int64' ? 'Double' : seen
}
