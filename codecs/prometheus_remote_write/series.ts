import { AgentError, type EventRecord, type EventTime, type Parsed, toEventTime, toIsoText } from 'sluice/plugin'
import type { Read } from 'sluice/protobuf'
import { type Fields, recordOf } from './fields.js'
import { histogramFields } from './histograms.js'
import type { histogram, sample } from './samples.js'

/** A series of either version; its samples are read as they are asked for. */
export interface Series {
  /** With `__name__` among them. */
  readonly labels: EventRecord
  /** What else is known of the metric. */
  readonly about: Fields
  readonly samples: Iterable<Read<typeof sample>>
  readonly histograms: Iterable<Read<typeof histogram>>
}

/** One event a sample, and one a native histogram. */
export function* eventsOf(all: Iterable<Series>): Generator<Parsed> {
  for (const { labels, about, samples, histograms } of all) {
    const { __name__: name, ...others } = labels
    const head = recordOf({ name, labels: others })
    const tail = recordOf(about)
    for (const { value = 0, timestamp } of samples) {
      const fields = value === null ? { stale: true } : { value }
      yield { record: { ...head, ...fields, ...tail }, time: timeOf(timestamp) }
    }
    for (const read of histograms) {
      const fields = histogramFields(read)
      yield { record: { ...head, ...tail, type: 'histogram', ...fields }, time: timeOf(read.timestamp) }
    }
  }
}

export function timeText(milliseconds: number | bigint): string {
  return toIsoText(timeOf(milliseconds))
}

/** An EventTime has 32 bits of seconds: until 2106. */
function timeOf(milliseconds: number | bigint = 0): EventTime {
  if (milliseconds >= 0 && milliseconds < 2 ** 32 * 1000) return toEventTime(Number(milliseconds))
  const message = `remote write: expected a time between 1970 and 2106 in milliseconds, got ${milliseconds}`
  throw new AgentError('CODEC_REMOTE_WRITE_TIME', message)
}
