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

type Pieces = readonly (Uint8Array | string)[]

/** Cuts streams that come in pieces by the options below `framing`; to `ends` or not, as they may go on. */
export function cutterOf(framing: Raw): (pieces: Pieces, ends?: boolean) => Cut {
  const stream = framingOf({ ...valuesOf(framingOptions, { framing }), buffer_size: 1000 })
  if (!stream) throw new Error('expected a framing')
  return (pieces, ends = true) => {
    const frames: string[] = []
    const damage: string[] = []
    let noise = 0
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
}

/** A stream in the pieces that these places cut it into. */
export function piecesOf(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.filter((place) => place < stream.length))].sort((a, b) => a - b)
  return [...ends, stream.length].map((end, index, all) => stream.subarray(all[index - 1] ?? 0, end))
}
