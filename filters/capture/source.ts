import type { Condition } from 'sluice/expression'
import type { Event, Value } from 'sluice/plugin'
import type { Capture } from './marker.js'
import { type Place, Timeline } from './timeline.js'
import { Trigger, type TriggerSettings } from './trigger.js'

/** A span of time that passes, in microseconds, ends included. */
export interface Window {
  readonly start: number
  readonly end: number
  readonly capture: Capture
}

export interface SourceSettings extends TriggerSettings {
  readonly beforeMicros: number
  readonly afterMicros: number
}

/** Later than this is late, however short `before` is: several tags of one machine are never in step. */
const leastToleranceMicros = 1e6

/** What is known of one source: its time, the last value of each field that the condition asks for, its window. */
export class Source {
  readonly timeline: Timeline
  #window: Window | undefined
  readonly #condition: Condition
  readonly #trigger: Trigger
  readonly #values: (Value | undefined)[]

  constructor(condition: Condition, settings: SourceSettings) {
    this.timeline = new Timeline(Math.max(settings.beforeMicros, leastToleranceMicros))
    this.#condition = condition
    this.#trigger = new Trigger(settings)
    this.#values = condition.fields.map(() => undefined)
  }

  /** The last one; events that come late may still be of it. */
  get window(): Window | undefined {
    return this.#window
  }

  /** Where the event stands in time; the window of a clock that was set back since is closed. */
  place(micros: number): Place {
    const place = this.timeline.see(micros)
    if (place === 'jumped') this.#trigger.jumped()
    if (place !== 'set_back') return place
    this.#trigger.setBack()
    this.#window = undefined
    return place
  }

  /** Takes the event's values, and says whether it is a trigger. */
  judge(event: Event, micros: number): ReturnType<Trigger['judge']> {
    const { fields } = this.#condition
    for (let at = 0; at < fields.length; at++) {
      const value = fields[at]?.(event)
      if (value !== undefined) this.#values[at] = value
    }
    return this.#trigger.judge(this.#condition.holds(this.#values), micros)
  }

  /** That of a trigger which came late does not close a newer one. */
  open(window: Window): void {
    if (!this.#window || window.end >= this.#window.end) this.#window = window
  }

  /** Whether a moment lies in the window. */
  hasOpen(micros: number): boolean {
    return this.#window !== undefined && micros >= this.#window.start && micros <= this.#window.end
  }
}
