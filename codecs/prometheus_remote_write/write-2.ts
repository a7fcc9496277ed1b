import { AgentError, type EventRecord, setField, type Value } from 'sluice/plugin'
import { all, each, int32, int64, message, one, type Read, string, uint32 } from 'sluice/protobuf'
import { histogram, sample } from './samples.js'
import { type Series, timeText } from './series.js'

/** Remote write 2.0 (prometheus, prompb/io/prometheus/write/v2/types.proto); exemplars and help texts are left out. */
const metadata = message('Metadata', { type: one(1, int32), unitRef: one(4, uint32) })

const timeSeries = message('TimeSeries', {
  labelsRefs: all(1, uint32),
  samples: each(2, () => sample),
  histograms: each(3, () => histogram),
  metadata: one(5, () => metadata),
  createdTimestamp: one(6, int64),
})

/** All texts stand in `symbols` once; elsewhere are their places in it. */
export const request = message('Request', { symbols: all(4, string), timeseries: each(5, () => timeSeries) })

/** Metadata.MetricType of the same file. */
const types = [undefined, 'counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset']

/** The labels of one series are no longer than `most` characters, however often they name the same long symbol. */
export function* seriesOfSymbols({ symbols, timeseries }: Read<typeof request>, most: number): Generator<Series> {
  for (const { labelsRefs, metadata: told, createdTimestamp, samples, histograms } of timeseries) {
    const about = {
      type: types[told?.type ?? 0],
      unit: symbolAt(symbols, told?.unitRef ?? 0) || undefined,
      start_time: createdTimestamp ? timeText(createdTimestamp) : undefined,
    }
    yield { labels: labelsOf(labelsRefs, symbols, most), about, samples, histograms }
  }
}

function labelsOf(refs: readonly number[], symbols: readonly string[], most: number): EventRecord {
  if (refs.length % 2 !== 0) throw wrong('a name and a value for each label', `${refs.length} texts`)
  const record: Record<string, Value> = {}
  let length = 0
  for (let at = 0; at < refs.length; at += 2) {
    const name = symbolAt(symbols, refs[at] ?? 0)
    const value = symbolAt(symbols, refs[at + 1] ?? 0)
    length += name.length + value.length
    if (length > most) throw wrong(`labels of at most ${most} characters`, 'more')
    setField(record, name, value)
  }
  return record
}

/** The first symbol is the empty text, which is meant where there is no other. */
function symbolAt(symbols: readonly string[], place: number): string {
  const symbol = symbols[place] ?? (place === 0 ? '' : undefined)
  if (symbol === undefined) throw wrong(`a symbol before the ${symbols.length}th`, `the ${place}th`)
  return symbol
}

function wrong(expected: string, got: string): AgentError {
  return new AgentError('CODEC_REMOTE_WRITE_SYMBOLS', `remote write: expected ${expected}, got ${got}`)
}
