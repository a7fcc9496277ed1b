import type { ByteSink } from './byte-sink.js'
import { deepest, tooDeep } from './depth.js'
import type { JsonSource } from './json-source.js'
import { hashFrom, KeySet } from './key-set.js'
import { type KeyTrail, KeyTrails, type KnownKey } from './key-trail.js'
import type { LeadingFields } from './leading-fields.js'
import { packNumber } from './pack-number.js'
import { packString } from './pack-string.js'
import { endArray, endMap } from './write-header.js'

const quote = 0x22
const colon = 0x3a
const openMap = 0x7b
const closeMap = 0x7d
const openArray = 0x5b
const closeArray = 0x5d

const wordTrue = Buffer.from('true')
const wordFalse = Buffer.from('false')
const wordNull = Buffer.from('null')

const none: readonly KnownKey[] = []

/** Writes the JSON value at a source's place as msgpack: what JSON.parse takes, field by field in the order of the text. */
export class JsonPacker {
  readonly #source: JsonSource
  readonly #sink: ByteSink
  readonly #keys: KeySet[] = []
  readonly #trails = new KeyTrails()

  /** Some map since this was false may have had a key twice, or one that is an index: an object has them in another order. */
  disorder = false

  constructor(source: JsonSource, sink: ByteSink) {
    this.#source = source
    this.#sink = sink
  }

  /** The map that is a record. A key of it that `lead` has too is a disorder. */
  record(depth: number, lead?: LeadingFields): void {
    this.map(depth, this.#trails.record(), lead)
  }

  /** A value in `depth` maps and lists, of this key. */
  value(depth: number, key?: KnownKey): void {
    const byte = this.#source.next()
    if (byte === quote) packString(this.#source, this.#sink)
    else if (byte === openMap) this.map(depth + 1, key?.trail)
    else if (byte === openArray) this.#array(depth + 1, key)
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) packNumber(this.#source, this.#sink)
    else this.#word()
  }

  /** The map that begins at the source's place, and is the `depth`th around its values. */
  map(depth: number, trail?: KeyTrail, lead?: LeadingFields): void {
    if (depth > deepest) throw tooDeep()
    const source = this.#source
    const sink = this.#sink
    const header = sink.at
    sink.byte(0x80)
    if (lead !== undefined) sink.raw(lead.packed, 0, lead.packed.length)
    const first = lead === undefined ? 0 : lead.count
    source.at++
    if (source.takes(closeMap)) return endMap(sink, header, first)
    const known = trail === undefined ? 0 : this.#knownFields(trail, depth)
    if (known > 0 && source.takes(closeMap)) {
      trail?.hit()
      endMap(sink, header, first + known)
    } else endMap(sink, header, first + this.#newFields(known, depth, trail, lead))
  }

  /** The fields that follow a trail, up to the end of their values: how many they are. */
  #knownFields(trail: KeyTrail, depth: number): number {
    const { keys } = trail
    const { length } = keys
    for (let index = 0; index < length; index++) {
      const key = keys[index] as KnownKey
      if (!key.pack(this.#source, this.#sink)) return index
      this.value(depth, key)
    }
    return length
  }

  /** The fields behind so many known ones: how many there are with these. */
  #newFields(known: number, depth: number, trail?: KeyTrail, lead?: LeadingFields): number {
    const source = this.#source
    const keys = this.#keysBefore(known, depth, trail, lead)
    const learning = trail?.miss(known) ? trail : undefined
    let count = known
    let end = source.at
    while (count === 0 || source.continues(closeMap)) {
      this.value(depth, this.#newKey(keys, end, learning))
      end = source.at
      count++
    }
    return count
  }

  #keysBefore(known: number, depth: number, trail?: KeyTrail, lead?: LeadingFields): KeySet {
    const keys = (this.#keys[depth] ??= new KeySet())
    keys.clear()
    if (lead !== undefined) for (const hash of lead.hashes) keys.add(hash)
    const before = trail?.keys ?? none
    for (let index = 0; index < known; index++) keys.add((before[index] as KnownKey).hash)
    return keys
  }

  /** Takes a key up to its value; known from now on, with what stands before it from `start` on, if it is to be learned. */
  #newKey(keys: KeySet, start: number, trail: KeyTrail | undefined): KnownKey | undefined {
    const source = this.#source
    const sink = this.#sink
    const written = sink.at
    if (source.next() !== quote) throw source.unexpected('a name in quotes')
    packString(source, sink)
    if (!source.takes(colon)) throw source.unexpected('a colon')
    source.next()
    const hash = hashFrom(sink, written)
    if (!keys.add(hash) || isIndex(sink, written)) this.disorder = true
    if (trail === undefined || this.disorder) return undefined
    return this.#trails.learn(
      trail,
      source.bytes.subarray(start, source.at),
      sink.bytes.subarray(written, sink.at),
      hash,
    )
  }

  #array(depth: number, key?: KnownKey): void {
    if (depth > deepest) throw tooDeep()
    const source = this.#source
    const sink = this.#sink
    const header = sink.at
    sink.byte(0x90)
    source.at++
    if (source.takes(closeArray)) return
    let count = 0
    do {
      this.value(depth, key)
      count++
    } while (source.continues(closeArray))
    endArray(sink, header, count)
  }

  #word(): void {
    if (this.#source.takesWord(wordTrue)) this.#sink.byte(0xc3)
    else if (this.#source.takesWord(wordFalse)) this.#sink.byte(0xc2)
    else if (this.#source.takesWord(wordNull)) this.#sink.byte(0xc0)
    else throw this.#source.unexpected('a value')
  }
}

/** Whether the text that was written from `start` on may be the index of an array: has digits alone, no more than ten. */
function isIndex({ bytes, at }: ByteSink, start: number): boolean {
  const first = bytes[start + 1] as number
  if (first < 0x30 || first > 0x39 || at - start > 11) return false
  for (let index = start + 2; index < at; index++) {
    const byte = bytes[index] as number
    if (byte < 0x30 || byte > 0x39) return false
  }
  return true
}
