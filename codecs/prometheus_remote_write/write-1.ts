import { type EventRecord, setField, type Value } from 'sluice/plugin'
import { all, each, message, one, type Read, string } from 'sluice/protobuf'
import { histogram, sample } from './samples.js'
import type { Series } from './series.js'

/** Remote write 1.0 (prometheus, prompb/types.proto and prompb/remote.proto); exemplars and metadata are left out. */
const label = message('Label', { name: one(1, string), value: one(2, string) })

const timeSeries = message('TimeSeries', {
  labels: all(1, () => label),
  samples: each(2, () => sample),
  histograms: each(4, () => histogram),
})

export const writeRequest = message('WriteRequest', { timeseries: each(1, () => timeSeries) })

export function* seriesOfRequest(request: Read<typeof writeRequest>): Generator<Series> {
  for (const { labels, samples, histograms } of request.timeseries) {
    yield { labels: labelsOf(labels), about: {}, samples, histograms }
  }
}

function labelsOf(labels: readonly Read<typeof label>[]): EventRecord {
  const record: Record<string, Value> = {}
  for (const { name = '', value = '' } of labels) setField(record, name, value)
  return record
}
