import type { EncodedEvents, Event, EventTime, Value } from 'sluice/plugin'
import { readEvents, toMilliseconds } from 'sluice/plugin'
import { type Line, type Look, paint, type Style } from './line.js'

/** A tag that is longer than this is no reason to move every other line. */
const widestTag = 24

/** Events as lines that a person reads: time, tag, fields. */
export class ReadableFormatter {
  readonly #look: () => Look
  #tagWidth = 0

  /** `look` is asked for each batch: a terminal may change its size. */
  constructor(look: () => Look) {
    this.#look = look
  }

  format(chunks: readonly EncodedEvents[]): string {
    const look = this.#look()
    let text = ''
    for (const chunk of chunks) for (const event of readEvents(chunk)) text += this.#line(event, look)
    return text
  }

  #line(event: Event, look: Look): string {
    const live = look.columns !== undefined
    const line: Line = [
      ['time', timeText(event.time, live)],
      ['gap', '  '],
      ['tag', live ? this.#padded(event.tag) : escaped(event.tag)],
      ['gap', ' '],
    ]
    for (const [key, value] of Object.entries(event.record)) {
      line.push(['gap', ' '], ['key', `${nameText(key)}=`], [styleOf(value), valueText(value)])
    }
    return `${paint(line, look)}\n`
  }

  #padded(tag: string): string {
    const text = escaped(tag)
    this.#tagWidth = Math.max(this.#tagWidth, Math.min(text.length, widestTag))
    return text.padEnd(this.#tagWidth)
  }
}

/** Local time; the day is left out where the line is watched as it comes. */
function timeText(time: EventTime, live: boolean): string {
  const moment = new Date(toMilliseconds(time))
  const clock = `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`
  const text = `${clock}.${String(Math.floor(time.nanoseconds / 1e6)).padStart(3, '0')}`
  return live ? text : `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${text}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

function styleOf(value: Value): Style {
  if (typeof value === 'number' || typeof value === 'bigint') return 'number'
  return typeof value === 'string' ? 'text' : 'other'
}

function valueText(value: Value): string {
  if (typeof value === 'string') return textText(value)
  if (typeof value === 'number') return numberText(value)
  if (value instanceof Uint8Array) return bytesText(value)
  if (Array.isArray(value)) return `[${value.map((each) => valueText(each as Value)).join(' ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const fields = Object.entries(value).map(([key, inner]) => `${nameText(key)}=${valueText(inner)}`)
  return `{${fields.join(' ')}}`
}

/** Three decimals are what an eye takes in; the exact value is in every other format. */
function numberText(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value)
  const rounded = Number(value.toFixed(3))
  return rounded === 0 ? value.toPrecision(3) : String(rounded)
}

const shownBytes = 16

function bytesText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, shownBytes)).toString('hex')
  return bytes.length > shownBytes ? `0x${hex}…(${bytes.length} bytes)` : `0x${hex}`
}

function nameText(name: string): string {
  return /[\s="]/.test(name) || name === '' ? textText(name) : escaped(name)
}

function textText(text: string): string {
  return text === '' || /[\s="{}[\]]/.test(text) ? escaped(JSON.stringify(text)) : escaped(text)
}

/** Controls (C0, C1), line separators and marks that turn the writing direction: none of them may reach a terminal. */
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

function escaped(text: string): string {
  return text.replace(unprintable, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
