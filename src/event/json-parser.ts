import { AgentError } from '../base/agent-error.js'
import { deepest, tooDeep } from './depth.js'
import type { EventRecord, Value } from './event.js'
import { setField } from './record.js'

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c

const words: readonly (readonly [Buffer, Value])[] = [
  [Buffer.from('true'), true],
  [Buffer.from('false'), false],
  [Buffer.from('null'), null],
]

/** What the letter behind a backslash stands for; `u` is apart. */
const escaped = new Map(Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }))

const number = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/
const numeric = Buffer.from('0123456789+-.eE')
const fourDigits = /^[\da-fA-F]{4}$/
const surrogate = /[\ud800-\udfff]/

export function notJson(expected: string, got: string): AgentError {
  return new AgentError('EVENT_NOT_JSON', `json: expected ${expected}, got ${got}`)
}

/** Parses one JSON text that is valid UTF-8; slower than JSON.parse, and exact about long integers and surrogates. */
export class JsonParser {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  parse(): Value {
    const value = this.#value(0)
    if (this.#next() !== undefined) throw this.#unexpected('the end')
    return value
  }

  #value(depth: number): Value {
    const byte = this.#next()
    if (byte === 0x7b) return this.#object(depth + 1)
    if (byte === 0x5b) return this.#array(depth + 1)
    if (byte === quote) return this.#string()
    if (byte === 0x2d || (byte !== undefined && byte >= 0x30 && byte <= 0x39)) return this.#number()
    for (const [word, value] of words) if (this.#take(word)) return value
    throw this.#unexpected('a value')
  }

  #object(depth: number): EventRecord {
    if (depth > deepest) throw tooDeep()
    const record: Record<string, Value> = {}
    this.#at++
    if (this.#closes(0x7d)) return record
    do {
      if (this.#next() !== quote) throw this.#unexpected('a name in quotes')
      const key = this.#string()
      if (this.#next() !== 0x3a) throw this.#unexpected('a colon')
      this.#at++
      setField(record, key, this.#value(depth))
    } while (this.#continues(0x7d))
    return record
  }

  #array(depth: number): Value[] {
    if (depth > deepest) throw tooDeep()
    const values: Value[] = []
    this.#at++
    if (this.#closes(0x5d)) return values
    do values.push(this.#value(depth))
    while (this.#continues(0x5d))
    return values
  }

  #closes(mark: number): boolean {
    const closes = this.#next() === mark
    if (closes) this.#at++
    return closes
  }

  #continues(mark: number): boolean {
    if (this.#closes(mark)) return false
    if (this.#next() !== comma) throw this.#unexpected('a comma or the end of the list')
    this.#at++
    return true
  }

  #number(): number | bigint {
    const found = number.exec(this.#bytes.toString('latin1', this.#at, this.#numberEnd()))
    if (!found) throw this.#unexpected('a number')
    const [text, fraction, exponent] = found
    this.#at += text.length
    const value = Number(text)
    const isInteger = fraction === undefined && exponent === undefined
    return isInteger && !Number.isSafeInteger(value) ? BigInt(text) : value
  }

  /** The end of the run of bytes that may be in a number. */
  #numberEnd(): number {
    let end = this.#at
    while (numeric.includes(this.#bytes[end] ?? 0)) end++
    return end
  }

  #string(): string {
    let text = ''
    let from = ++this.#at
    let byte = this.#textByte()
    while (byte !== quote) {
      if (byte === backslash) {
        text += this.#bytes.toString('utf8', from, this.#at) + this.#escape()
        from = this.#at
      } else this.#at++
      byte = this.#textByte()
    }
    text += this.#bytes.toString('utf8', from, this.#at++)
    return wellFormed(text)
  }

  #textByte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined || byte < 0x20) throw this.#unexpected('a quote')
    return byte
  }

  /** One code unit: the two halves of a pair meet in the text. */
  #escape(): string {
    const letter = String.fromCharCode(this.#bytes[this.#at + 1] ?? 0)
    const digits = this.#bytes.toString('latin1', this.#at + 2, this.#at + 6)
    const isCode = letter === 'u' && fourDigits.test(digits)
    const unit = isCode ? String.fromCharCode(Number.parseInt(digits, 16)) : escaped.get(letter)
    if (unit === undefined) throw this.#unexpected('an escape')
    this.#at += isCode ? 6 : 2
    return unit
  }

  #take(word: Buffer): boolean {
    const end = this.#at + word.length
    const isThere = this.#bytes.subarray(this.#at, end).equals(word)
    if (isThere) this.#at = end
    return isThere
  }

  /** The next byte that is no space; it is not taken. */
  #next(): number | undefined {
    let byte = this.#bytes[this.#at]
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = this.#bytes[++this.#at]
    return byte
  }

  #unexpected(expected: string): AgentError {
    const rest = this.#bytes.toString('utf8', this.#at, this.#at + 12)
    return notJson(`${expected} at byte ${this.#at}`, rest === '' ? 'the end' : JSON.stringify(rest))
  }
}

/** Half a pair alone becomes U+FFFD on its way through UTF-8. */
function wellFormed(text: string): string {
  return surrogate.test(text) ? Buffer.from(text).toString() : text
}
