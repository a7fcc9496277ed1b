import type { ByteSink } from './byte-sink.js'
import type { JsonSource } from './json-source.js'

/** How many maps in a row must differ from a trail before it is laid anew. */
const patience = 16

/** All trails together may have so many keys; when they have, as many records must pass before they are laid anew. */
const mostKeys = 4096

/** Bytes that a key must have in JSON, and may have, to be learned. */
const shortestKey = 4
const longestKey = 64

/** White space in a text, and the end of one among lines: a key with it may be here and not there. */
const newline = 0x0a

/**
 * The keys of a map that was met at one place of the records, in their order, each of them once and none an index. The next
 * map there is likely to have the same, and bytes that are the same as before need not be understood again.
 */
export class KeyTrail {
  readonly keys: KnownKey[] = []
  #misses = patience - 1

  /** A map went along the trail to its end. */
  hit(): void {
    this.#misses = 0
  }

  /** A map went another way after so many keys. Whether its own are to be learned: the trail ends there then. */
  miss(known: number): boolean {
    if (++this.#misses < patience) return false
    this.#misses = 0
    this.keys.length = known
    return true
  }
}

/** The trails of all places of the records of one sender. */
export class KeyTrails {
  #root = new KeyTrail()
  #learned = 0
  #records = 0

  /** The trail of the next record. */
  record(): KeyTrail {
    this.#records++
    if (this.#learned >= mostKeys && this.#records >= mostKeys) {
      this.#root = new KeyTrail()
      this.#learned = this.#records = 0
    }
    return this.#root
  }

  /**
   * Puts a key at the end of a trail: its bytes in JSON, from the end of the value before to its own value, and in msgpack.
   * Undefined where it has no room.
   */
  learn(trail: KeyTrail, json: Buffer, packed: Uint8Array, hash: number): KnownKey | undefined {
    if (json.length < shortestKey || json.length > longestKey || json.includes(newline)) return undefined
    if (this.#learned >= mostKeys) return undefined
    const key = new KnownKey(json, packed, hash)
    trail.keys.push(key)
    this.#learned++
    return key
  }
}

/** A key, with the comma before and the colon behind it, in JSON, and in msgpack; both in words of four bytes. */
export class KnownKey {
  /** Of the maps that are its values, or stand in lists that are. */
  readonly trail = new KeyTrail()
  readonly hash: number
  readonly #size: number
  /** The last word overlaps with the one before where the bytes are no whole number of words. */
  readonly #words: Int32Array
  readonly #packedSize: number
  /** Zeros fill the last word. */
  readonly #packed: Int32Array

  constructor(json: Buffer, packed: Uint8Array, hash: number) {
    this.hash = hash
    this.#size = json.length
    this.#words = Int32Array.from({ length: Math.ceil(json.length / 4) }, (_none, index) =>
      json.readInt32LE(Math.min(index * 4, json.length - 4)),
    )
    const padded = Buffer.alloc(Math.ceil(packed.length / 4) * 4)
    padded.set(packed)
    this.#packedSize = packed.length
    this.#packed = Int32Array.from({ length: padded.length / 4 }, (_none, index) => padded.readInt32LE(index * 4))
  }

  /** Takes the key from the source's place and writes it, if it is there. */
  pack(source: JsonSource, sink: ByteSink): boolean {
    if (!this.#isAt(source)) return false
    const packed = this.#packed
    sink.reserve(packed.length * 4)
    const { view, at } = sink
    for (let index = 0; index < packed.length; index++) view.setInt32(at + index * 4, packed[index] as number, true)
    sink.at = at + this.#packedSize
    source.at += this.#size
    return true
  }

  #isAt({ view, at, end }: JsonSource): boolean {
    const words = this.#words
    const last = at + this.#size - 4
    if (last + 4 > end) return false
    let index = 0
    for (let from = at; from < last; from += 4) if (view.getInt32(from, true) !== words[index++]) return false
    return view.getInt32(last, true) === words[index]
  }
}
