import assert from 'node:assert/strict'
import { framerOf, type Framing } from '../../src/plugin/index.js'

/** A stream, and the frames that it is cut into. */
export interface FramingCase {
  readonly name: string
  readonly framing: Framing
  readonly stream: Uint8Array | string
  readonly frames: readonly (Uint8Array | string)[]
  readonly oversize?: readonly number[]
  readonly delimiter?: string
  readonly maxFrame?: number
}

export const bytesOf = (content: Uint8Array | string): Buffer => Buffer.from(content)

/** The frames of a stream that comes in pieces, in hexadecimal, and the sizes of those that were too long. */
export function cut(sample: FramingCase, pieces: readonly Uint8Array[]): { frames: string[]; oversize: number[] } {
  const oversize: number[] = []
  const frames: string[] = []
  const framer = framerOf(sample.framing, {
    maxFrame: sample.maxFrame ?? 1000,
    onOversize: (bytes) => void oversize.push(bytes),
    ...(sample.delimiter === undefined ? {} : { delimiter: sample.delimiter }),
  })
  const take = (given: Iterable<Uint8Array>): void => {
    for (const frame of given) frames.push(Buffer.from(frame).toString('hex'))
  }
  for (const piece of pieces) take(framer.push(Uint8Array.from(piece)))
  take(framer.end())
  assert.equal(framer.pending, 0)
  return { frames, oversize }
}
