import type { Draft, Read } from 'sluice/protobuf'
import type { histogram } from './samples.js'
import type { writeRequest } from './write-1.js'

export type Histogram = Draft<Read<typeof histogram>>

/** Name → value, without the name of the metric. */
export type Labels = ReadonlyMap<string, string>

interface Series {
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  /** By milliseconds since 1970; null where the series ends. */
  readonly samples: Map<number, number | null>
  readonly histograms: Map<number, Histogram>
}

/**
 * What was gathered, by series: Prometheus wants the labels of a series in the order of their names, its samples in that of their
 * times, and one sample for each (Prometheus, "Remote write specification", sections "Labels" and "Ordering").
 */
export class SeriesSet {
  readonly #series = new Map<string, Series>()

  /** False where the series has another sample of that time. */
  add(name: string, labels: Labels, time: number, value: number | null): boolean {
    const { samples } = this.#seriesOf(name, labels)
    const known = samples.get(time)
    if (known !== undefined) return Object.is(known, value)
    samples.set(time, value)
    return true
  }

  /** The same with a native histogram. */
  addHistogram(name: string, labels: Labels, time: number, value: Histogram): boolean {
    const { histograms } = this.#seriesOf(name, labels)
    if (histograms.has(time)) return false
    histograms.set(time, value)
    return true
  }

  get size(): number {
    return this.#series.size
  }

  get request(): Draft<Read<typeof writeRequest>> {
    const timeseries = Array.from(this.#series.values(), ({ labels, samples, histograms }) => ({
      labels,
      samples: inOrder(samples).map(([timestamp, value]) => ({ value, timestamp })),
      histograms: inOrder(histograms).map(([timestamp, value]) => ({ ...value, timestamp })),
    }))
    return { timeseries }
  }

  #seriesOf(name: string, labels: Labels): Series {
    const pairs = [['__name__', name] as const, ...labels].toSorted(byName)
    const key = JSON.stringify(pairs)
    const known = this.#series.get(key)
    if (known) return known
    const written = pairs.map(([label, value]) => ({ name: label, value }))
    const series: Series = { labels: written, samples: new Map(), histograms: new Map() }
    this.#series.set(key, series)
    return series
  }
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1
}

function inOrder<T>(byTime: ReadonlyMap<number, T>): (readonly [number, T])[] {
  return [...byTime].toSorted(([one], [other]) => one - other)
}
