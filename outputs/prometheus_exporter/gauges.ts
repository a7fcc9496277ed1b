import type { Clock } from 'sluice/plugin'
import type { Family, Sample } from 'sluice/http'

export interface GaugesSettings {
  readonly ttlMs: number
  readonly maxSeries: number
}

interface Gauge extends Sample {
  readonly metric: string
  readonly field: string
  readonly endMs: number
}

/** One value of an event. */
export interface Reading {
  /** Name of the metric. */
  readonly metric: string
  readonly field: string
  readonly labels: Sample['labels']
  readonly value: number
}

/** The last value of each metric and set of labels. The map has them in the order in which they were set, so the oldest are in front. */
export class Gauges {
  readonly #settings: GaugesSettings
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #gauges = new Map<string, Gauge>()

  constructor(settings: GaugesSettings, clock: Pick<Clock, 'monotonic'>) {
    this.#settings = settings
    this.#clock = clock
  }

  /** How many others had to go. */
  set({ metric, field, labels, value }: Reading): number {
    const key = JSON.stringify([metric, labels])
    this.#gauges.delete(key)
    this.#gauges.set(key, { metric, field, labels, value, endMs: this.#clock.monotonic() + this.#settings.ttlMs })
    return this.#makeRoom()
  }

  /** All that are not too old, by the names of their metrics. */
  get families(): readonly Family[] {
    this.#forget()
    const families = new Map<string, Family & { readonly samples: Sample[] }>()
    for (const { metric, field, labels, value } of this.#gauges.values()) {
      const help = `The last value of the field ${field}.`
      const family = families.get(metric) ?? { name: metric, type: 'gauge', help, samples: [] }
      families.set(metric, family)
      family.samples.push({ labels, value })
    }
    return [...families.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  #makeRoom(): number {
    const tooMany = this.#gauges.size - this.#settings.maxSeries
    for (const key of [...this.#oldest(tooMany)]) this.#gauges.delete(key)
    return Math.max(0, tooMany)
  }

  #forget(): void {
    const now = this.#clock.monotonic()
    for (const [key, { endMs }] of this.#gauges) {
      if (endMs > now) return
      this.#gauges.delete(key)
    }
  }

  *#oldest(count: number): Generator<string> {
    if (count <= 0) return
    let left = count
    for (const key of this.#gauges.keys()) {
      yield key
      if (--left === 0) return
    }
  }
}
