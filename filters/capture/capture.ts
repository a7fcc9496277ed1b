import { compileCondition, type Condition } from 'sluice/expression'
import {
  type Accessor,
  type Event,
  type EventTime,
  fieldAccessor,
  type Filter,
  type FilterContext,
  RecentMap,
  valueText,
} from 'sluice/plugin'
import { captureOf, marked } from './marker.js'
import { Rings } from './rings.js'
import { Source, type SourceSettings, type Window } from './source.js'

export interface Settings {
  readonly when: string
  readonly trigger: 'rising' | 'level'
  readonly for: number
  readonly before: number
  readonly after: number
  readonly cooldown: number
  readonly key: string | undefined
  readonly source_key: string | undefined
  readonly ring_size: number
  readonly max_rings: number
  readonly mark: boolean
  readonly keep: boolean
}

/** Throws an AgentError where the condition or the name of a field is none. */
export function capture(settings: Settings, context: FilterContext): Filter {
  const filter = new CaptureFilter(settings, context)
  return { apply: (event) => filter.apply(event) }
}

/** Time is that of the events alone, so that a replay passes what the drive did. */
class CaptureFilter {
  readonly #settings: Settings
  readonly #context: FilterContext
  readonly #span: SourceSettings
  readonly #condition: Condition
  readonly #keyOf: (event: Event) => string
  readonly #sourceOf: (event: Event) => string
  readonly #rings: Rings
  readonly #sources: RecentMap<string, Source>

  constructor(settings: Settings, context: FilterContext) {
    this.#settings = settings
    this.#context = context
    this.#span = spanOf(settings)
    this.#condition = compileCondition('when', settings.when)
    this.#keyOf = textReader('key', settings.key)
    this.#sourceOf = textReader('source_key', settings.source_key)
    const limits = { ringBytes: settings.ring_size, maxRings: settings.max_rings }
    this.#rings = new Rings(limits, context, (what, count) => context.count(what, count))
    this.#sources = new RecentMap(settings.max_rings)
  }

  apply(event: Event): Event | readonly Event[] | undefined {
    const name = this.#sourceOf(event)
    const source = this.#source(name)
    const micros = microsOf(event.time)
    const place = source.place(micros)
    if (place === 'set_back') this.#rings.forget(name)
    if (place === 'late') this.#context.count('late_events')
    else if (this.#isTrigger(source, event, micros)) return this.#captured(name, source, event, micros)
    if (source.hasOpen(micros)) return this.#marked(event, source.window)
    return this.#settings.keep ? event : this.#hold(name, source, event)
  }

  #source(name: string): Source {
    const known = this.#sources.get(name)
    if (known) return known
    const source = new Source(this.#condition, this.#span)
    this.#sources.set(name, source)
    return source
  }

  #isTrigger(source: Source, event: Event, micros: number): boolean {
    const judged = source.judge(event, micros)
    if (judged === 'suppressed') this.#context.count('suppressed_triggers')
    return judged === 'yes'
  }

  /** What was held of the time before the trigger, and the trigger. */
  #captured(name: string, source: Source, event: Event, micros: number): Event | readonly Event[] {
    const window = this.#opened(name, source, event, micros)
    source.open(window)
    this.#context.count('triggers')
    if (this.#settings.keep) return this.#marked(event, window)
    const held = this.#rings.release(name, window.start, window.end)
    if (held.length > 0) this.#context.count('released', held.length)
    return [...held, event].map((each) => this.#marked(each, window))
  }

  /** A trigger whose window meets the open one makes that longer; any other begins a capture. */
  #opened(name: string, source: Source, { time }: Event, micros: number): Window {
    const start = micros - this.#span.beforeMicros
    const end = micros + this.#span.afterMicros
    const { window } = source
    if (window && micros <= window.end && end >= window.start) {
      return { ...window, start: Math.min(start, window.start), end: Math.max(end, window.end) }
    }
    this.#context.count('captures')
    return { start, end, capture: captureOf(this.#context.id, name, time) }
  }

  #marked(event: Event, window: Window | undefined): Event {
    return this.#settings.mark && window ? marked(event, window.capture) : event
  }

  #hold(name: string, source: Source, event: Event): undefined {
    this.#rings.hold(name, this.#keyOf(event), event, source.timeline.newest - this.#span.beforeMicros)
  }
}

function spanOf(settings: Settings): SourceSettings {
  return {
    kind: settings.trigger,
    forMicros: settings.for * 1000,
    cooldownMicros: settings.cooldown * 1000,
    beforeMicros: settings.before * 1000,
    afterMicros: settings.after * 1000,
  }
}

/** What a field says as text; nothing where there is no such option, or no such field. */
function textReader(option: string, field: string | undefined): (event: Event) => string {
  if (field === undefined) return () => ''
  const read: Accessor = fieldAccessor(option, field)
  return (event) => valueText(read(event)) ?? ''
}

/** Microseconds since 1970, which a double holds exactly. */
function microsOf({ seconds, nanoseconds }: EventTime): number {
  return seconds * 1e6 + Math.floor(nanoseconds / 1000)
}
