import { type FileText, fileTextOf, plainBytes } from './file-text.js'

/** What stands at a place of the file. */
export type TokenKind = 'word' | 'text' | 'mark' | 'end'

/** A place to come back to. */
export interface Place {
  readonly at: number
  readonly line: number
  readonly lineStart: number
}

const newline = 0x0a
const carriageReturn = 0x0d
const quote = 0x22
const backslash = 0x5c
const slash = 0x2f

const blank = 1
const mark = 2

/** What each byte is: of words are all those that are neither blank nor a mark. */
const classes = new Uint8Array(256)
classes.fill(blank, 0, 0x21)
for (const character of ':;,|@()[]') classes[character.charCodeAt(0)] = mark
classes[quote] = mark

/** A text longer than this is taken for one that nobody ended. */
export const longestText = 1 << 20

/** Lines of tools and of hands are shorter. */
const longestLine = 1 << 16

/**
 * Cuts a DBC file into words, texts between quotes and marks (`: ; , | @ ( ) [ ]`). One token is current; `next` takes the
 * one behind it. Numbers are words, since names may begin with digits.
 *
 * A text that is never ended is taken to end with its line, and what ends none is remembered, so that looking for ends
 * costs no more than the file is long.
 */
export class Scanner {
  kind: TokenKind = 'end'
  text = ''
  /** Where the current token begins. */
  start: Place
  /** Behind the token before it. */
  previousEnd: Place
  /** Whether the current token is the first of its line. */
  startsLine = true
  /** Whether the current token is a text without an end. */
  isOpen = false
  readonly #bytes: Buffer
  readonly #textOf: FileText
  #at: number
  #line = 1
  #lineStart: number
  /** From the one to the other no quote ends a text. */
  #openFrom = 0
  #openUntil = 0

  constructor(bytes: Buffer) {
    this.#bytes = plainBytes(bytes)
    this.#textOf = fileTextOf(this.#bytes)
    this.#at = this.#lineStart = 0
    this.start = this.previousEnd = this.#place()
    this.next()
  }

  next(): void {
    this.previousEnd = this.#place()
    this.isOpen = false
    this.#skipBlanks()
    this.startsLine = this.#line > this.previousEnd.line || this.previousEnd.at === this.previousEnd.lineStart
    this.start = this.#place()
    const byte = this.#bytes[this.#at]
    if (byte === undefined) this.#take('end', '', this.#at)
    else if (byte === quote) this.#takeText()
    else if (classes[byte] === mark) this.#take('mark', String.fromCharCode(byte), this.#at + 1)
    else this.#takeWord()
  }

  /** Line on which the current token ends. */
  get endLine(): number {
    return this.#line
  }

  /** From 1, in characters; in bytes where a line is so long that to count them would cost too much. */
  columnOf({ at, lineStart }: Place): number {
    const bytes = at - lineStart
    return 1 + (bytes > longestLine ? bytes : this.#textOf(lineStart, at).length)
  }

  /** Goes on from behind the line on which a token began. */
  rewindToLineAfter(place: Place): void {
    this.#at = this.#lineEnd(place.at)
    this.#line = place.line
    this.#lineStart = place.lineStart
    this.next()
  }

  #take(kind: TokenKind, text: string, end: number): void {
    this.kind = kind
    this.text = text
    this.#at = end
  }

  #takeWord(): void {
    let at = this.#at
    while (at < this.#bytes.length && classes[this.#bytes[at] as number] === 0) at++
    this.#take('word', this.#textOf(this.#at, at), at)
  }

  #takeText(): void {
    const start = this.#at + 1
    const closing = this.#closingQuote(start)
    this.isOpen = closing === undefined
    const end = closing ?? this.#lineEnd(start)
    this.kind = 'text'
    this.text = this.#textOf(start, end).replaceAll('\\"', '"')
    this.#skipTo(closing === undefined ? end : end + 1)
  }

  #closingQuote(start: number): number | undefined {
    const limit = Math.min(this.#bytes.length, start + longestText)
    let at = this.#behindOpen(start)
    while (at < limit && !this.#isClosing(at)) at = this.#behindOpen(at + 1)
    if (at < limit) return at
    const isLonger = start <= this.#openUntil && limit >= this.#openFrom
    this.#openFrom = isLonger ? Math.min(start, this.#openFrom) : start
    this.#openUntil = isLonger ? Math.max(limit, this.#openUntil) : limit
    return undefined
  }

  /** What was gone back over stands in front of it, and may well have quotes. */
  #behindOpen(at: number): number {
    return at >= this.#openFrom && at < this.#openUntil ? this.#openUntil : at
  }

  /** A backslash means nothing but in front of a quote. */
  #isClosing(at: number): boolean {
    return this.#bytes[at] === quote && this.#bytes[at - 1] !== backslash
  }

  #skipBlanks(): void {
    const bytes = this.#bytes
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at] as number
      if (byte === newline || byte === carriageReturn) this.#newLine()
      else if (classes[byte] === blank) this.#at++
      else if (byte === slash && bytes[this.#at + 1] === slash) this.#at = this.#lineEnd(this.#at)
      else return
    }
  }

  #skipTo(end: number): void {
    while (this.#at < end) {
      const byte = this.#bytes[this.#at]
      if (byte === newline || byte === carriageReturn) this.#newLine()
      else this.#at++
    }
  }

  /** CR, LF or both. */
  #newLine(): void {
    const isPair = this.#bytes[this.#at] === carriageReturn && this.#bytes[this.#at + 1] === newline
    this.#at += isPair ? 2 : 1
    this.#line++
    this.#lineStart = this.#at
  }

  #lineEnd(from: number): number {
    let at = from
    while (at < this.#bytes.length && this.#bytes[at] !== newline && this.#bytes[at] !== carriageReturn) at++
    return at
  }

  #place(): Place {
    return { at: this.#at, line: this.#line, lineStart: this.#lineStart }
  }
}
