import {
  type Batch,
  type BatchChunk,
  type Event,
  type EventRecord,
  type Output,
  type OutputContext,
  readEvents,
  type Template,
} from 'sluice/plugin'

export interface LatestSettings {
  /** Names the series that an event is of. */
  readonly seriesOf: Template
  /** Fields to keep; undefined for all. */
  readonly fields: readonly string[] | undefined
  readonly ttlMs: number
}

/** Gives each event to the agent's store of last values, in the order in which the log has them. */
export class LatestOutput implements Output {
  readonly destination = 'memory'
  readonly #settings: LatestSettings
  readonly #context: Pick<OutputContext, 'latest' | 'count'>

  constructor(settings: LatestSettings, context: Pick<OutputContext, 'latest' | 'count'>) {
    this.#settings = settings
    this.#context = context
  }

  async flush({ chunks }: Batch): Promise<void> {
    for (const chunk of chunks) for (const event of lastEvents(chunk, this.#settings.seriesOf)) this.#keep(event)
  }

  #keep({ tag, time, record, series }: SeriesEvent): void {
    const { fields, ttlMs } = this.#settings
    const isKept = this.#context.latest.set(tag, series, fields ? picked(record, fields) : record, time, ttlMs)
    if (!isKept) this.#context.count('too_large')
  }
}

interface SeriesEvent extends Event {
  readonly series: string
}

/** The last event of each series of a chunk: no other of them is ever seen. */
function lastEvents(chunk: BatchChunk, seriesOf: Template): Iterable<SeriesEvent> {
  const last = new Map<string, SeriesEvent>()
  for (const event of readEvents(chunk)) {
    const series = seriesOf(event)
    last.set(series, { ...event, series })
  }
  return last.values()
}

function picked(record: EventRecord, fields: readonly string[]): EventRecord {
  return Object.fromEntries(Object.entries(record).filter(([field]) => fields.includes(field)))
}
