import type { Scanner } from './framing-scanner.js'

const newline = Buffer.from('\n')
const carriageReturn = 0x0d

/** Frames that end with a delimiter. By default that is a newline, and one carriage return before it is not part of the frame. */
export class LineScanner implements Scanner {
  readonly #delimiter: Buffer
  readonly #stripReturn: boolean

  constructor(delimiter?: Uint8Array | string) {
    this.#stripReturn = delimiter === undefined
    this.#delimiter = delimiter === undefined || delimiter.length === 0 ? newline : Buffer.from(delimiter)
  }

  get rescan(): number {
    return this.#delimiter.length - 1
  }

  get trailer(): number {
    return this.#delimiter.length
  }

  find(bytes: Buffer, from: number): number {
    const delimiter = this.#delimiter
    const at = delimiter.length === 1 ? bytes.indexOf(delimiter[0] ?? 0, from) : bytes.indexOf(delimiter, from)
    return at < 0 ? -1 : at + delimiter.length
  }

  trim(bytes: Buffer, start: number, end: number): Uint8Array {
    return this.#strip(bytes, start, end - this.#delimiter.length)
  }

  last(bytes: Buffer): Uint8Array {
    return this.#strip(bytes, 0, bytes.length)
  }

  reset(): void {}

  #strip(bytes: Buffer, start: number, end: number): Uint8Array {
    const stripped = this.#stripReturn && end > start && bytes[end - 1] === carriageReturn ? end - 1 : end
    return bytes.subarray(start, stripped)
  }
}
