/** Longest line that is read; those of CAN FD in ASC have some 400 bytes. */
const longestLine = 4096
const newline = 0x0a

const carriageReturn = 0x0d

/** The same bytes with newlines for carriage returns that have none behind them: adapters with slcan end lines so. */
export function withNewlines(bytes: Uint8Array): Uint8Array {
  let at = bytes.indexOf(carriageReturn)
  if (at < 0) return bytes
  const copy = new Uint8Array(bytes)
  for (; at >= 0; at = copy.indexOf(carriageReturn, at + 1)) if (copy[at + 1] !== newline) copy[at] = newline
  return copy
}

/** Hears of each line: where it is, without its newline. */
export type TakeLine = (bytes: Uint8Array, start: number, end: number) => void

/** Cuts a stream into lines that are lent in place. What is too long is passed over, and counted, up to its newline. */
export class LineCutter {
  readonly #rest = new Uint8Array(longestLine)
  #kept = 0
  #isSkipping = false
  readonly #delimiter: number
  /** Lines that were too long. */
  tooLong = 0

  /** Adapters with slcan end their lines with a carriage return, 0x0d. */
  constructor(delimiter = newline) {
    this.#delimiter = delimiter
  }

  push(bytes: Uint8Array, take: TakeLine): void {
    let start = 0
    for (let end = bytes.indexOf(this.#delimiter); end >= 0; end = bytes.indexOf(this.#delimiter, start)) {
      this.#line(bytes, start, end, take)
      start = end + 1
    }
    this.#keep(bytes, start)
  }

  /** The stream ended: what is left is a line. */
  end(take: TakeLine): void {
    if (this.#kept > 0 && !this.#isSkipping) take(this.#rest, 0, this.#kept)
    this.#kept = 0
    this.#isSkipping = false
  }

  #line(bytes: Uint8Array, start: number, end: number, take: TakeLine): void {
    if (this.#kept === 0 && !this.#isSkipping) {
      if (end - start <= longestLine) take(bytes, start, end)
      else this.tooLong++
      return
    }
    this.#keep(bytes.subarray(0, end), start)
    this.end(take)
  }

  #keep(bytes: Uint8Array, start: number): void {
    const size = bytes.length - start
    if (this.#isSkipping || size === 0) return
    if (this.#kept + size > longestLine) {
      this.#isSkipping = true
      this.tooLong++
      return
    }
    this.#rest.set(bytes.subarray(start), this.#kept)
    this.#kept += size
  }
}
