import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FrameFinder } from '../../../inputs/xbee/frame-finder.js'
import { apiFrame, escapedFrame } from '../../support/xbee.js'

const modes = [
  { name: 'plain', escaped: false, frameOf: apiFrame },
  { name: 'escaped', escaped: true, frameOf: escapedFrame },
]

describe('FrameFinder', () => {
  for (const { name, escaped, frameOf } of modes) {
    it(`finds ${name} frames however the bytes are split, whatever they hold`, () => {
      const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 })
      fc.assert(
        fc.property(contents, fc.array(fc.nat(30)), (frames, sizes) => {
          const { finder, told } = finding(escaped)
          const found = inPieces(finder, Buffer.concat(frames.map(frameOf)), sizes)
          assert.deepEqual(found, frames.map(hexOf))
          assert.deepEqual([told, finder.pending], [[], 0])
        }),
        { numRuns: 60 },
      )
    })

    it(`finds ${name} frames between noise, and in what was taken for a frame`, () => {
      const noise = fc.uint8Array({ maxLength: 20 })
      fc.assert(
        fc.property(noise, noise, fc.uint8Array({ minLength: 1, maxLength: 40 }), (before, after, content) => {
          const { finder } = finding(escaped)
          const bytes = Buffer.concat([before, frameOf(content), after])
          const found = [...finder.push(bytes).map(hexOf), ...finder.giveUp().map(hexOf)]
          // By chance noise and a frame make a frame together, once in 256 times; this noise has no start to do so.
          assert.ok(found.includes(hexOf(content)) || before.includes(0x7e), found.join())
          assert.equal(finder.pending, 0)
        }),
        { numRuns: 60 },
      )
    })

    it(`gives up a ${name} frame with a wrong checksum, one that is too long and one without content`, () => {
      const { finder, told } = finding(escaped)
      const wrong = frameOf('wrong')
      wrong.writeUInt8(wrong.readUInt8(wrong.length - 1) ^ 1, wrong.length - 1)
      const bytes = Buffer.concat([wrong, frameOf('x'.repeat(65)), Buffer.from('7e0000ff', 'hex'), frameOf('right')])
      assert.deepEqual(finder.push(bytes).map(String), ['right'])
      assert.deepEqual(
        told.filter((reason) => typeof reason === 'string'),
        ['bad_checksum', 'too_long', 'bad_length'],
      )
    })
  }

  it('takes the frame behind one that lost bytes, by the delimiter that is never escaped', () => {
    const { finder, told } = finding(true)
    const cut = escapedFrame('cut off').subarray(0, 7)
    assert.deepEqual(finder.push(Buffer.concat([cut, escapedFrame('~whole}')])).map(String), ['~whole}'])
    assert.deepEqual(told, ['cut_off', 6])
  })

  it('holds no more than a frame, and lets go of it when nothing comes', () => {
    const { finder, told } = finding(false)
    assert.deepEqual(finder.push(Buffer.from('7e00107e00', 'hex')), [])
    assert.equal(finder.pending, 5)
    assert.deepEqual(finder.giveUp(), [])
    assert.deepEqual([finder.pending, told], [0, ['cut_off', 2, 'cut_off', 1]])
  })
})

/** A finder of frames of up to 64 bytes, and the reasons and sizes of noise that it told. */
function finding(escaped: boolean): { finder: FrameFinder; told: (string | number)[] } {
  const told: (string | number)[] = []
  const tell = (what: string | number): void => void told.push(what)
  return { finder: new FrameFinder({ escaped, maxFrame: 64, onDamage: tell, onNoise: tell }), told }
}

function inPieces(finder: FrameFinder, bytes: Buffer, sizes: readonly number[]): string[] {
  const found: string[] = []
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    found.push(...finder.push(bytes.subarray(at, at + size)).map(hexOf))
    at += size
  }
  return found
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
