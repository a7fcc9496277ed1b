import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { cutterOf, piecesOf } from '../../support/framed.js'
import { type Spoken, spoken } from '../../support/framed-streams.js'

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const places = fc.array(fc.nat(400), { maxLength: 12 })
const empty = new Uint8Array()

/** Contents, and before each of them what stands there besides. */
function partsOf({ content, noise }: Spoken) {
  const before = noise ? fc.option(noise, { nil: empty }) : fc.constant(empty)
  return fc.array(fc.tuple(before, content), { minLength: 1, maxLength: 8 })
}

for (const kind of spoken) {
  describe(`a stream of ${kind.name}`, () => {
    const cut = cutterOf(kind.framing)

    it('has the same frames wherever it is split and whatever noise is between them', () => {
      fc.assert(
        fc.property(partsOf(kind), places, (parts, cuts) => {
          const stream = Buffer.concat(parts.flatMap(([noise, content]) => [noise, kind.write(content)]))
          const frames = parts.map(([, content]) => hexOf(content))
          assert.deepEqual(cut(piecesOf(stream, cuts)).frames, frames)
          const single = cut(Array.from(stream, (byte) => Uint8Array.of(byte)))
          assert.deepEqual(single.frames, frames)
          assert.deepEqual(single.damage, [])
        }),
        { numRuns: 60 },
      )
    })

    it('has no frame that is longer than max_frame, and all others', () => {
      const most = 20
      const short = cutterOf({ ...kind.framing, max_frame: most })
      fc.assert(
        fc.property(fc.array(kind.content, { minLength: 1, maxLength: 6 }), places, (contents, cuts) => {
          const written = contents.map((content) => kind.write(content))
          const stream = Buffer.concat(written)
          const { frames, damage } = short(piecesOf(stream, cuts))
          assert.deepEqual(short([stream]), short(piecesOf(stream, cuts)))
          const certain = contents.filter((_, at) => (written[at]?.length ?? 0) <= most).map(hexOf)
          const possible = contents.filter(({ length }) => length <= most).map(hexOf)
          assert.ok(frames.every((frame) => possible.includes(frame)))
          assert.ok(certain.every((frame) => frames.includes(frame)))
          assert.deepEqual(damage, Array(contents.length - frames.length).fill('too_long'))
        }),
        { numRuns: 60 },
      )
    })

    it('gives each frame as soon as its last byte has come', () => {
      fc.assert(
        fc.property(fc.array(kind.content, { minLength: 1, maxLength: 4 }), (contents) => {
          const pieces = contents.map((content) => kind.write(content))
          const { frames } = cut(pieces, false)
          assert.deepEqual(frames, contents.map(hexOf))
        }),
        { numRuns: 30 },
      )
    })

    it('is cut in the same way wherever it is split, whatever its bytes are', () => {
      const short = cutterOf({ ...kind.framing, max_frame: 20 })
      fc.assert(
        fc.property(
          partsOf(kind),
          places,
          fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 4 }),
          (parts, cuts, hits) => {
            const stream = Buffer.concat(parts.flatMap(([noise, content]) => [noise, kind.write(content)]))
            for (const [place, byte] of hits) if (place < stream.length) stream[place] = byte
            assert.deepEqual(cut(piecesOf(stream, cuts)), cut([stream]))
            assert.deepEqual(short(piecesOf(stream, cuts)), short([stream]))
          },
        ),
        { numRuns: 40 },
      )
    })
  })
}

const checked = spoken.filter(({ framing }) => framing['checksum'] !== undefined)

describe('a damaged stream', () => {
  it('costs no frame but the one that was hit, wherever it is hit, where checksums tell', () => {
    assert.ok(checked.length >= 4)
    const hit = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }))
    for (const kind of checked) {
      const cut = cutterOf(kind.framing)
      fc.assert(
        fc.property(fc.array(kind.content, { minLength: 3, maxLength: 5 }), hit, (contents, [where, mask]) => {
          const written = contents.map((content) => kind.write(content))
          const victim = written[1] as Uint8Array
          const place = where % victim.length
          victim[place] = (victim[place] as number) ^ mask
          const { frames } = cut([Buffer.concat(written)])
          // Where frames share what is between them, as those of HDLC do, the next one may be hit as well.
          const neighbours = kind.name.startsWith('a ') ? 1 : 2
          const whole = contents.map(hexOf)
          const lost = whole.filter((frame) => !frames.includes(frame))
          assert.ok(lost.length <= neighbours, `${kind.name}: lost ${lost.length} by byte ${place}`)
          assert.ok(frames.every((frame) => whole.includes(frame)) || kind.name.includes('fixed'), kind.name)
        }),
        { numRuns: 100 },
      )
    }
  })
})
