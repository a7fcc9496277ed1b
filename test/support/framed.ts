import { framingOf, framingOptions } from '../../src/framing/index.js'
import { valuesOf } from './options.js'

/** What came of a stream: frames in hexadecimal, and what was told besides. */
export interface Cut {
  readonly frames: readonly string[]
  /** Why frames were given up, in order; `too_long` for those that were. */
  readonly damage: readonly string[]
  readonly noise: number
}

type Raw = { readonly [option: string]: unknown }

/** Cuts a stream that comes in pieces by the options below `framing`. */
export function cutBy(framing: Raw, pieces: readonly (Uint8Array | string)[], ends = true): Cut {
  const options = valuesOf(framingOptions, { framing })
  const frames: string[] = []
  const damage: string[] = []
  let noise = 0
  const stream = framingOf({ ...options, buffer_size: 1000 })
  if (!stream) throw new Error('expected a framing')
  const framer = stream.framer({
    maxFrame: stream.maxFrame,
    onOversize: () => void damage.push('too_long'),
    onDamage: (reason) => void damage.push(reason),
    onNoise: (bytes) => void (noise += bytes),
  })
  const take = (given: Iterable<Uint8Array>): void => {
    for (const frame of given) frames.push(Buffer.from(frame).toString('hex'))
  }
  for (const piece of pieces) take(framer.push(Uint8Array.from(Buffer.from(piece))))
  if (ends) take(framer.end())
  return { frames, damage, noise }
}

/** A stream in the pieces that these places cut it into. */
export function piecesOf(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.filter((place) => place < stream.length))].sort((a, b) => a - b)
  return [...ends, stream.length].map((end, index, all) => stream.subarray(all[index - 1] ?? 0, end))
}
