import type { AgentError } from '../base/agent-error.js'
import { notJson } from './json-parser.js'

const noBytes = Buffer.alloc(0)
const noView = viewOf(noBytes)

/** Up to here a text is copied faster than a view of it is made. */
const shortText = 4096

const newline = 0x0a
const comma = 0x2c

/**
 * JSON text that is being read: valid UTF-8 up to `end`, of which all before `at` was read. Those who read it go straight
 * through `bytes`, like those who write into a ByteSink.
 */
export class JsonSource {
  bytes: Buffer = noBytes
  view: DataView = noView
  at = 0
  end = 0
  #size = 0
  #lines = false
  readonly #copy = Buffer.allocUnsafeSlow(shortText)
  readonly #copyView = viewOf(this.#copy)

  /** Reads these bytes up to `end` from now on; among `lines` a line feed ends a text, else it is white space like others. */
  open(bytes: Buffer, end: number, lines: boolean): void {
    const isShort = bytes.length <= shortText
    if (isShort) this.#copy.set(bytes)
    this.bytes = isShort ? this.#copy : bytes
    this.view = isShort ? this.#copyView : viewOf(bytes)
    this.at = 0
    this.end = end
    this.#size = bytes.length
    this.#lines = lines
  }

  /** Lets go of the bytes. */
  close(): void {
    this.bytes = noBytes
    this.view = noView
    this.end = 0
  }

  /** The next byte that is no white space, which is not taken; -1 at the end. */
  next(): number {
    const { at } = this
    if (at >= this.end) return -1
    const byte = this.bytes[at] as number
    return byte > 0x20 ? byte : this.#afterSpace()
  }

  /** Begins a line that has more than blanks in it, at its beginning; false where there is none. */
  nextLine(): boolean {
    for (let { at } = this; at < this.end; at++) {
      const byte = this.bytes[at] as number
      if (byte > 0x20) return true
      if (byte === newline) this.at = at + 1
    }
    return false
  }

  /** Takes this mark if it is next. */
  takes(mark: number): boolean {
    if (this.next() !== mark) return false
    this.at++
    return true
  }

  /** Takes a comma, behind which there is more (true), or the mark that closes the map or list. */
  continues(mark: number): boolean {
    const byte = this.next()
    if (byte !== comma && byte !== mark) throw this.unexpected('a comma or the end of the list')
    this.at++
    return byte === comma
  }

  /** Takes these bytes if they are next. */
  takesWord(word: Uint8Array): boolean {
    const { bytes, at } = this
    if (at + word.length > this.end) return false
    for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word[index]) return false
    this.at = at + word.length
    return true
  }

  unexpected(expected: string): AgentError {
    const rest = this.bytes.toString('utf8', this.at, Math.min(this.at + 12, this.#size))
    return notJson(`${expected} at byte ${this.at}`, rest === '' ? 'the end' : JSON.stringify(rest))
  }

  #afterSpace(): number {
    while (this.at < this.end) {
      const byte = this.bytes[this.at] as number
      const isSpace = byte === 0x20 || byte === 0x09 || byte === 0x0d || (byte === newline && !this.#lines)
      if (!isSpace) return byte
      this.at++
    }
    return -1
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length)
}
