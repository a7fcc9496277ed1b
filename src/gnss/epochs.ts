import type { Clock } from '../base/clock.js'
import { Calendar } from './calendar.js'
import { timeOfDayOf } from './fields.js'
import type { Fix, Mode } from './fix.js'
import type { Sentence } from './sentence.js'
import { type Draft, sentences, type Timed, timeFields } from './sentences.js'
import { Sky } from './sky.js'

/** A fix that is complete, or what to count. */
export type Taken = Fix | 'other_sentences' | 'sentences_without_time' | 'late_sentences' | undefined

/** Sentences that tell of one moment have one time of day: this puts them together to one fix. */
export class Epochs {
  readonly #clock: Clock
  readonly #calendar: Calendar
  readonly #sky = new Sky()
  #draft: Draft = {}
  #timeOfDay: number | undefined
  #heardMs = 0
  /** The fix of `#timeOfDay` was given out. */
  #isGiven = true
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#calendar = new Calendar(clock)
  }

  /** Takes a sentence; answers the fix of the moment before where this one begins another. */
  take(sentence: Sentence): Taken {
    const { type, fields } = sentence
    if (type === 'GSA') this.#sky.takeActive(sentence)
    else if (type === 'GSV') this.#sky.takeInView(sentence, this.#count)
    else if (type === 'VTG') sentences.VTG(this.#draft, fields)
    else return Object.hasOwn(timeFields, type) ? this.#takeMoment(type as Timed, fields) : 'other_sentences'
    return undefined
  }

  /** The moment is over as far as one can tell, such as by the receiver's silence. */
  flush(): Fix | undefined {
    if (this.#isGiven || this.#timeOfDay === undefined) return undefined
    this.#isGiven = true
    const fix = this.#finished(this.#draft, this.#timeOfDay)
    this.#draft = {}
    return fix
  }

  #takeMoment(type: Timed, fields: readonly string[]): Taken {
    const timeOfDay = timeOfDayOf(fields[timeFields[type]])
    if (timeOfDay === undefined) return 'sentences_without_time'
    const isOther = timeOfDay !== this.#timeOfDay
    if (!isOther && this.#isGiven) return 'late_sentences'
    const before = isOther ? this.flush() : undefined
    if (isOther) this.#begin(timeOfDay)
    sentences[type](this.#draft, fields)
    return before
  }

  #begin(timeOfDay: number): void {
    this.#timeOfDay = timeOfDay
    this.#heardMs = this.#clock.wall()
    this.#isGiven = false
    this.#count++
  }

  #finished(draft: Draft, timeOfDay: number): Fix {
    const { pdop, hdop, vdop } = this.#sky
    const satellites_in_view = this.#sky.inView(this.#count)
    const sky = { hdop: draft.hdop ?? hdop, vdop, pdop, satellites_used: draft.satellites_used, satellites_in_view }
    const { dateMs, quality = 'none', ...place } = draft
    // Without a position the time may be that of a battery, or of the factory.
    if (quality === 'none' || place.lat === undefined)
      return { heardMs: this.#heardMs, mode: 'none', quality: 'none', ...sky }
    const timeMs = this.#calendar.timeOf(timeOfDay, dateMs)
    return { heardMs: this.#heardMs, timeMs, mode: this.#modeOf(place), quality, ...place, ...sky }
  }

  /** GSA may be of the moment before, when there was no position yet. */
  #modeOf({ alt_m }: Draft): Mode {
    const { mode } = this.#sky
    if (mode === '2d' || mode === '3d') return mode
    return alt_m === undefined ? '2d' : '3d'
  }
}
