import {
  BusDecoders,
  compileSelection,
  compileThinning,
  decodeOptionsOf,
  type DbcPaths,
  Deltas,
  emptyFrame,
  FrameReporter,
  type signalOptions,
  tellDecoded,
} from 'sluice/can'
import { type Event, type EventRecord, type Filter, type FilterContext, readEvents, type ValuesOf } from 'sluice/plugin'
import { FrameFields, type FrameKeys } from './frame-fields.js'

export interface Settings extends FrameKeys, ValuesOf<typeof signalOptions> {
  readonly dbc: DbcPaths
  readonly mode: 'signals' | 'both'
}

/** Every frame that there is, as often as it comes. */
const everything = {
  isSelected: compileSelection({ allow: [], deny: [] }),
  thinning: compileThinning({ onChange: false, minInterval: 0, maxSilence: 0 }, []),
}

/**
 * Puts what a frame means in its place; what has no frame, or one that nobody knows, stays as it is. Reads the DBC files: throws
 * `CAN_DBC_FILE` for one that cannot be read, `CAN_QUALITY` for a rule that does not fit them.
 */
export function decodeEvents(settings: Settings, context: FilterContext): Filter {
  const decoders = new BusDecoders(settings.dbc, decodeOptionsOf(settings))
  tellProblems(decoders, context)
  const reporter = new FrameReporter({ ...everything, ...settings, decodersOf: (bus) => decoders.of(bus) })
  const fields = new FrameFields(settings)
  const counts = new Deltas((name, amount) => context.count(name, amount))
  const frame = emptyFrame()
  const unchanged = (event: Event, reason: string): Event => {
    context.count(reason)
    return event
  }
  return {
    apply(event) {
      const { record, time } = event
      if (!fields.has(record)) return unchanged(event, 'without_frame')
      if (fields.read(record, frame) !== undefined) return unchanged(event, 'bad_frames')
      frame.seconds = time.seconds
      frame.nanoseconds = time.nanoseconds
      reporter.take(frame, fields.busOf(record))
      tellDecoded(counts, decoders.counts)
      if (reporter.count === 0) return unchanged(event, 'unknown_frames')
      return takenFrom(reporter, event, fields.rest(record))
    },
  }
}

/** The events that a frame became, with what else the record had. */
function takenFrom(reporter: FrameReporter, { tag }: Event, rest: EventRecord): Event[] {
  const events = Array.from(readEvents({ tag, entries: reporter.entries, count: reporter.count }))
  reporter.clear()
  return events.map((event) => ({ ...event, record: { ...rest, ...event.record } }))
}

function tellProblems(decoders: BusDecoders, { log }: FilterContext): void {
  for (const { file, problemCount } of decoders.files)
    if (problemCount > 0) log.warn('parts of a DBC file cannot be read', { file, problems: problemCount })
}
