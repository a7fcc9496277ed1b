/** So short that what is kept to know a part by, some hundred bytes, would be more than the part. */
const smallBytes = 512

/** Small parts that are kept as they came. */
const mostSmall = 256

/** The parts of a body, in the order in which they come. However small a client makes them, they take little more than their bytes. */
export class BodyParts {
  readonly #parts: Buffer[] = []
  #bytes = 0
  /** How many of the last parts are small. */
  #small = 0

  get bytes(): number {
    return this.#bytes
  }

  add(part: Buffer): void {
    this.#bytes += part.length
    this.#parts.push(part)
    this.#small = part.length < smallBytes ? this.#small + 1 : 0
    if (this.#small < mostSmall) return
    this.#parts.push(Buffer.concat(this.#parts.splice(-this.#small)))
    this.#small = 0
  }

  whole(): Buffer {
    return this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts, this.#bytes)
  }
}
