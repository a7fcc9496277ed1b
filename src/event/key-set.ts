import type { ByteSink } from './byte-sink.js'

/** A power of two: a map of about half as many keys is still told for sure. */
const slots = 1024
const mostProbes = 16
const lastMap = 0x7fff_ffff

/**
 * The keys of one map, by their hashes: what it needs to know that each of them is there once. It may be wrong about a key
 * that is new, never about one that is there. A slot has the map that took it and the hash, so that it need not be cleared.
 */
export class KeySet {
  readonly #slots = new Int32Array(slots * 2)
  #map = 0

  /** Begins a map. */
  clear(): void {
    if (this.#map === lastMap) {
      this.#slots.fill(0)
      this.#map = 0
    }
    this.#map++
  }

  /** Adds a key, and answers false where it may be there already. */
  add(hash: number): boolean {
    const table = this.#slots
    const map = this.#map
    let slot = (hash >>> 22) << 1
    for (let left = mostProbes; left > 0; left--) {
      if (table[slot] !== map) {
        table[slot] = map
        table[slot + 1] = hash
        return true
      }
      if (table[slot + 1] === hash) return false
      slot = (slot + 2) & (slots * 2 - 1)
    }
    return false
  }
}

/** 32 bits of the bytes that a sink has from `start` on, four at a time; the last four may be counted twice. */
export function hashFrom(sink: ByteSink, start: number): number {
  const { view, at } = sink
  let hash = at - start
  const last = at - 4
  if (last < start) {
    for (let index = start; index < at; index++) hash = mix(hash, sink.bytes[index] as number)
    return hash
  }
  for (let index = start; index < last; index += 4) hash = mix(hash, view.getInt32(index, true))
  return mix(hash, view.getInt32(last, true))
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e37_79b1)
  return mixed ^ (mixed >>> 15)
}
