import { type EventTime, fromNanoseconds, type Parsed, setField, type Value } from 'sluice/plugin'
import { fromWire } from 'sluice/protobuf'
import { type Metric, metricValue, payload } from 'sluice/sparkplug'

interface Born {
  readonly name: string
  readonly datatype: number | undefined
}

/** Births of more metrics than this are remembered no further: an edge node that means well has fewer. */
const mostAliases = 100_000

/** The metrics of a payload, those of one time together as one record, in the order of their coming. */
export function sparkplugParser(remembersAliases: boolean): (frame: Uint8Array) => Iterable<Parsed> {
  const born = new Map<string, Born>()
  return (frame) => {
    const { timestamp: whole = 0, metrics } = fromWire(payload, frame)
    const records = new Map<string, Record<string, Value>>()
    for (const metric of metrics) {
      const { name, datatype } = remembersAliases ? known(metric, born) : named(metric)
      const time = String(metric.timestamp ?? whole)
      const record = records.get(time) ?? {}
      records.set(time, record)
      setField(record, name, metricValue(metric, datatype))
    }
    return [...records].map(([time, record]) => ({ record, ...timeOf(time) }))
  }
}

/** Without a birth a metric is called by its alias. */
function named({ name, alias = 0, datatype }: Metric): Born {
  return { name: name ?? String(alias), datatype }
}

function known(metric: Metric, born: Map<string, Born>): Born {
  const alias = String(metric.alias ?? '')
  const itself = named(metric)
  if (metric.name === undefined) return born.get(alias) ?? itself
  if (alias !== '' && born.size < mostAliases) born.set(alias, itself)
  return itself
}

/** Milliseconds since 1970; a time that no event can have is left out. */
function timeOf(milliseconds: string): { readonly time?: EventTime } {
  const time = milliseconds === '0' ? undefined : fromNanoseconds(BigInt(milliseconds) * 1_000_000n)
  return time ? { time } : {}
}
