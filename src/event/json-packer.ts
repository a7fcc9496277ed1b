import type { ByteSink } from './byte-sink.js'
import { deepest, tooDeep } from './depth.js'
import type { JsonSource } from './json-source.js'
import { hashFrom, KeySet } from './key-set.js'
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

/** Writes the JSON value at a source's place as msgpack: what JSON.parse takes, field by field in the order of the text. */
export class JsonPacker {
  readonly #source: JsonSource
  readonly #keys: KeySet[] = []
  readonly #sink: ByteSink

  /** Some map since this was false may have had a key twice, or keys that are indexes: an object would have them in another order. */
  disorder = false

  constructor(source: JsonSource, sink: ByteSink) {
    this.#source = source
    this.#sink = sink
  }

  /** A value in `depth` maps and lists. */
  value(depth: number): void {
    const byte = this.#source.next()
    if (byte === quote) packString(this.#source, this.#sink)
    else if (byte === openMap) this.map(depth + 1)
    else if (byte === openArray) this.#array(depth + 1)
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) packNumber(this.#source, this.#sink)
    else this.#word()
  }

  /** The map that begins at the source's place, and is the `depth`th around its values. */
  map(depth: number): void {
    if (depth > deepest) throw tooDeep()
    const source = this.#source
    const sink = this.#sink
    const header = sink.at
    sink.byte(0x80)
    source.at++
    if (source.takes(closeMap)) return
    const keys = (this.#keys[depth] ??= new KeySet())
    keys.clear()
    let count = 0
    do {
      this.#key(keys)
      this.value(depth)
      count++
    } while (source.continues(closeMap))
    endMap(sink, header, count)
  }

  #key(keys: KeySet): void {
    const source = this.#source
    const sink = this.#sink
    const start = sink.at
    if (source.next() !== quote) throw source.unexpected('a name in quotes')
    packString(source, sink)
    if (source.next() !== colon) throw source.unexpected('a colon')
    source.at++
    if (!keys.add(hashFrom(sink, start)) || isIndex(sink, start)) this.disorder = true
  }

  #array(depth: number): void {
    if (depth > deepest) throw tooDeep()
    const source = this.#source
    const sink = this.#sink
    const header = sink.at
    sink.byte(0x90)
    source.at++
    if (source.takes(closeArray)) return
    let count = 0
    do {
      this.value(depth)
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
