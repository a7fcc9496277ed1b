import { ParseError } from 'sluice/plugin'
import { endOfName, unescapeMeasurement, unescapeName } from './names.js'
import { type FieldValue, readPlainValue, unescapeString } from './values.js'

export interface Point {
  readonly measurement: string
  readonly tags: ReadonlyMap<string, string>
  readonly fields: ReadonlyMap<string, FieldValue>
  /** Empty where the point states no time. */
  readonly timestamp: string
}

/**
 * Reads points off a text, from left to right (InfluxDB v2, "Line protocol"):
 *
 *     measurement,tag=value,tag=value field=1.5,field="text" 1465839830100400200
 *
 * Runs of blanks count as one; the time may be missing.
 */
export class PointReader {
  readonly #text: string
  #at = 0
  #index = -1

  constructor(text: string) {
    this.#text = text
  }

  /** The next point; undefined behind the last one. Blank lines and comments are none. */
  next(): Point | undefined {
    this.#skipToPoint()
    if (this.#at === this.#text.length) return undefined
    this.#index++
    const measurement = unescapeMeasurement(this.#name(', ', 'a measurement'))
    const tags = this.#tags()
    this.#skipBlanks()
    const fields = this.#fields()
    const timestamp = this.#take(' ') ? this.#timestamp() : ''
    this.#endLine()
    return { measurement, tags, fields, timestamp }
  }

  /** The point read last is not as it should be. */
  wrong(expected: string, got: string): ParseError {
    const line = countLines(this.#text, this.#at)
    const shown = got === '' ? 'nothing' : `"${got.slice(0, 64)}"`
    const message = `influx: event ${this.#index}, line ${line}: expected ${expected}, got ${shown}`
    return new ParseError('CODEC_INFLUX', message, this.#index)
  }

  #tags(): Map<string, string> {
    const tags = new Map<string, string>()
    while (this.#take(',')) {
      const key = this.#key('a tag')
      const value = unescapeName(this.#name(',= ', `a value of the tag "${key}"`))
      if (tags.has(key)) throw this.wrong(`one tag "${key}"`, `${key}=${value}`)
      tags.set(key, value)
    }
    return tags
  }

  #fields(): Map<string, FieldValue> {
    const fields = new Map<string, FieldValue>()
    do {
      const key = this.#key('a field')
      fields.set(key, this.#text[this.#at] === '"' ? { value: this.#string() } : this.#plainValue(key))
    } while (this.#take(','))
    return fields
  }

  #timestamp(): string {
    this.#skipBlanks()
    return this.#word()
  }

  #key(what: string): string {
    const key = unescapeName(this.#name(',= ', what))
    if (!this.#take('=')) throw this.wrong(`"=" behind "${key}"`, this.#rest())
    return key
  }

  #name(stops: string, what: string): string {
    const start = this.#at
    const end = endOfName(this.#text, start, stops)
    if (end === start) throw this.wrong(what, this.#rest())
    this.#at = end
    return this.#text.slice(start, end)
  }

  #plainValue(key: string): FieldValue {
    const text = this.#word()
    const value = readPlainValue(text)
    if (value) return value
    throw this.wrong(`a number, a boolean or text in quotes as the field "${key}"`, text)
  }

  /** Between its quotes a line break is a character like others. */
  #string(): string {
    const start = this.#at + 1
    for (let at = start; at < this.#text.length; at++) {
      const char = this.#text[at]
      if (char === '\\') at++
      if (char !== '"') continue
      this.#at = at + 1
      return unescapeString(this.#text.slice(start, at))
    }
    throw this.wrong('a closing quote', this.#rest())
  }

  /** What stands before the next blank, comma or line break; may be empty. */
  #word(): string {
    const start = this.#at
    while (this.#at < this.#text.length && !', \r\n'.includes(this.#text[this.#at] ?? '')) this.#at++
    return this.#text.slice(start, this.#at)
  }

  #take(char: string): boolean {
    const found = this.#text[this.#at] === char
    if (found) this.#at++
    return found
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ') this.#at++
  }

  #endLine(): void {
    this.#skipBlanks()
    this.#take('\r')
    if (this.#at < this.#text.length && this.#text[this.#at] !== '\n')
      throw this.wrong('the end of the line', this.#rest())
  }

  #skipToPoint(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] ?? ''
      if (char === '#') this.#at = endOf(this.#text.indexOf('\n', this.#at), this.#text)
      else if (!' \t\r\n\0'.includes(char)) return
    }
    this.#at = this.#text.length
  }

  #rest(): string {
    return this.#text.slice(this.#at, endOf(this.#text.indexOf('\n', this.#at), this.#text))
  }
}

function endOf(found: number, text: string): number {
  return found < 0 ? text.length : found
}

function countLines(text: string, end: number): number {
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
