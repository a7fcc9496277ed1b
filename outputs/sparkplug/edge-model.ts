import { MetricSet } from './metric-set.js'
import type { Sample } from './samples.js'

/** What one event says of the edge node, or of one of its devices. */
export interface Report {
  readonly device: string | undefined
  readonly samples: readonly Sample[]
}

/** All that an edge node tells in its births, whatever connection it has; it grows with what events tell. */
export class EdgeModel {
  readonly node: MetricSet
  readonly devices = new Map<string, MetricSet>()
  readonly #maxMetrics: number
  #lastAlias = 0

  constructor(maxMetrics: number) {
    this.#maxMetrics = maxMetrics
    this.node = this.#newSet()
  }

  set(device: string | undefined): MetricSet {
    if (device === undefined) return this.node
    const known = this.devices.get(device)
    if (known) return known
    const added = this.#newSet()
    this.devices.set(device, added)
    return added
  }

  /** Learns of a report's metrics; a text says why it cannot be reported. */
  learn({ device, samples }: Report): string | undefined {
    if (samples.every(({ value }) => value === null)) return 'it has no value that a metric could have'
    const known = device === undefined ? this.node : this.devices.get(device)
    const added = samples.filter(({ name }) => !known?.get(name)).length
    if (added > 0 && this.#lastAlias + added > this.#maxMetrics) {
      return `it has metrics beyond the ${this.#maxMetrics} that there may be (max_metrics)`
    }
    const set = this.set(device)
    for (const sample of samples) set.learn(sample)
    return undefined
  }

  /** A metric of the report would get a type that does not hold its values so far. */
  wouldReplace({ device, samples }: Report): boolean {
    const known = device === undefined ? this.node : this.devices.get(device)
    return known !== undefined && samples.some((sample) => known.wouldReplace(sample))
  }

  #newSet(): MetricSet {
    return new MetricSet(() => ++this.#lastAlias)
  }
}
