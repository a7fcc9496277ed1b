import type { ByteSink } from './byte-sink.js'
import { toIsoText, type EventTime } from './event-time.js'
import { writeDecimal, writeDigits } from './json-number.js'
import { writeAscii } from './json-text.js'

/** How the time of an event reads in JSON, by Fluent Bit's names. */
export const jsonDateFormats = ['double', 'iso8601', 'java_sql_timestamp', 'epoch', 'epoch_ms'] as const

export type JsonDateFormat = (typeof jsonDateFormats)[number]

/** Writes times; events of one second share the text of it. */
export class JsonDate {
  readonly #format: JsonDateFormat
  #second = -1
  #text = ''

  constructor(format: JsonDateFormat) {
    this.#format = format
  }

  write(sink: ByteSink, time: EventTime): void {
    if (time.seconds !== this.#second) {
      this.#second = time.seconds
      this.#text = this.#secondText(time)
    }
    writeAscii(sink, this.#text)
    this.#writeFraction(sink, time)
  }

  #secondText(time: EventTime): string {
    switch (this.#format) {
      case 'iso8601':
        return `"${toIsoText(time).slice(0, 19)}.`
      case 'java_sql_timestamp':
        return `"${toIsoText(time).slice(0, 19).replace('T', ' ')}.`
      case 'double':
        return `${time.seconds}.`
      case 'epoch':
        return String(time.seconds)
      case 'epoch_ms':
        return ''
    }
  }

  #writeFraction(sink: ByteSink, { seconds, nanoseconds }: EventTime): void {
    switch (this.#format) {
      case 'iso8601':
        writeDigits(sink, Math.floor(nanoseconds / 1000), 6)
        return writeAscii(sink, 'Z"')
      case 'java_sql_timestamp':
        writeDigits(sink, Math.floor(nanoseconds / 1000), 6)
        return sink.byte(0x22)
      case 'double':
        return writeFraction(sink, nanoseconds)
      case 'epoch_ms':
        return writeDecimal(sink, seconds * 1000 + Math.floor(nanoseconds / 1e6))
      case 'epoch':
    }
  }
}

/** The decimals that count, and at least one: a receiver that guesses types sees a fraction in every event. */
function writeFraction(sink: ByteSink, nanoseconds: number): void {
  let digits = 9
  let rest = nanoseconds
  while (digits > 1 && rest % 10 === 0) {
    rest /= 10
    digits--
  }
  writeDigits(sink, rest, digits)
}
