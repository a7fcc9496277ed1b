import type { CanFrame, Timing } from '../../can/index.js'
import { toIsoText } from '../../event/event-time.js'

/** The time of frames as text: RFC 3339, or seconds where it counts from an unknown moment. */
export class TimeText {
  #second = -1
  #text = ''

  of({ seconds, nanoseconds }: CanFrame, timing: Timing): string {
    const decimals = String(nanoseconds).padStart(9, '0')
    if (timing === 'relative') return `${seconds}.${decimals}`
    if (seconds !== this.#second) {
      this.#second = seconds
      this.#text = toIsoText({ seconds, nanoseconds: 0 }).slice(0, 19)
    }
    return `${this.#text}.${decimals}Z`
  }
}
