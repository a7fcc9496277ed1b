/** More buses than any vehicle has; a log of noise must not fill the memory. */
const most = 64

/** Names of buses that were met before: a line of a log costs no text of its own. */
export class BusNames {
  readonly #bytes: Uint8Array[] = []
  readonly #names: string[] = []
  #last = 0

  nameAt(bytes: Uint8Array, start: number, end: number): string {
    if (!this.#isAt(this.#last, bytes, start, end)) this.#last = this.#find(bytes, start, end)
    return this.#names[this.#last] ?? ''
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    for (let index = 0; index < this.#bytes.length; index++) if (this.#isAt(index, bytes, start, end)) return index
    const index = this.#bytes.length < most ? this.#bytes.length : 0
    this.#bytes[index] = bytes.slice(start, end)
    this.#names[index] = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
    return index
  }

  #isAt(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const known = this.#bytes[index]
    if (!known || known.length !== end - start) return false
    for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false
    return true
  }
}
