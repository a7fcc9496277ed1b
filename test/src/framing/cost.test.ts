import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Pattern } from '../../../src/base/regex/pattern.js'
import { HuntingScanner } from '../../../src/framing/hunting-scanner.js'
import { PatternScanner } from '../../../src/framing/pattern-scanner.js'
import { framerWith } from '../../../src/plugin/framing.js'
import type { Scanner } from '../../../src/plugin/framing-scanner.js'

const options = { maxFrame: 64 * 1024, onOversize: () => undefined }

const framesOf = (scanner: Scanner, pieces: readonly Uint8Array[], maxFrame = options.maxFrame): number => {
  const framer = framerWith(scanner, { ...options, maxFrame })
  return pieces.reduce((count, piece) => count + [...framer.push(piece)].length, 0)
}

describe('what is looked at of a stream', () => {
  it('is a few times its bytes where a long frame that ends with a pattern comes in small pieces', () => {
    const pattern = new Pattern('[\\r\\n]+')
    let looked = 0
    const counting = {
      find: (text: string, from: number) => {
        looked += text.length
        return pattern.find(text, from)
      },
    }
    const pieces = Array.from({ length: 40_000 }, () => Buffer.from('sixteen bytes ..'))
    const bytes = pieces.length * 16
    const scanner = new PatternScanner(counting as unknown as Pattern)
    assert.equal(framesOf(scanner, [...pieces, Buffer.from('\n')], 2 * bytes), 1)
    assert.ok(looked >= bytes && looked < 12 * bytes, `${looked} characters of ${bytes} bytes`)
  })

  it('is bounded where every byte of noise begins a frame', () => {
    let summed = 0
    const checksum = {
      taken: 4,
      behindStop: false,
      holds: (_: Uint8Array, start: number, end: number) => ((summed += end - start), false),
    }
    const head = { header: 3, sizeAt: (bytes: Buffer, at: number) => 3 + bytes.readUInt16BE(at + 1) }
    const frames = { start: Buffer.of(0xaa), stop: Buffer.alloc(0), keepHeader: false, checksum, ...head }
    const noise = Buffer.alloc(1 << 20, 0xaa)
    assert.equal(framesOf(new HuntingScanner(frames, options), [noise]), 0)
    assert.ok(summed > 0 && summed < 80 * noise.length, `${summed} bytes were added up for ${noise.length}`)
  })
})
