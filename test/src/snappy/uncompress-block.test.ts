import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compress } from 'snappyjs'
import { AgentError } from '../../../src/base/agent-error.js'
import { uncompressBlock } from '../../../src/snappy/index.js'

const most = 200_000

test('what another implementation compressed comes back', () => {
  const runs = fc
    .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(2000)))
    .map((parts) =>
      Buffer.concat(parts.map(([piece, times]) => Buffer.concat(Array.from({ length: times % 40 }, () => piece)))),
    )
  fc.assert(
    fc.property(runs, (whole) => {
      const block = compress(whole)
      assert.ok(Buffer.from(uncompressBlock(block, most)).equals(whole))
    }),
  )
  const long = Buffer.alloc(150_000, 'the same words again, ')
  const block = compress(long)
  assert.ok(block.length < long.length / 10)
  assert.ok(Buffer.from(uncompressBlock(block, most)).equals(long))
})

test('literals may have lengths, and copies offsets, of one to four bytes', () => {
  const text = 'x'.repeat(70)
  const blocks: readonly (readonly [string, number[]])[] = [
    ['one', [70, 60 << 2, 69]],
    ['two', [70, 61 << 2, 69, 0]],
    ['three', [70, 62 << 2, 69, 0, 0]],
    ['four', [70, 63 << 2, 69, 0, 0, 0]],
  ]
  for (const [name, head] of blocks) {
    assert.equal(uncompressed([...head, ...Buffer.from(text)]), text, name)
  }
  assert.equal(uncompressed([10, 1 << 2, 0x61, 0x62, (4 << 2) | 1, 2]), 'ababababab')
  assert.equal(uncompressed([5, 1 << 2, 0x61, 0x62, (2 << 2) | 2, 2, 0]), 'ababa')
  assert.equal(uncompressed([5, 1 << 2, 0x61, 0x62, (2 << 2) | 3, 1, 0, 0, 0]), 'abbbb')
})

test('a block that becomes larger than allowed is refused before any room is made for it', () => {
  assert.throws(() => uncompressBlock(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), most), {
    code: 'SNAPPY_TOO_LARGE',
    message: 'snappy: expected at most 200000 bytes once uncompressed, got 4294967295',
  })
})

test('a block that is malformed is refused', () => {
  const malformed: readonly (readonly [string, number[]])[] = [
    ['no size', []],
    ['a size without an end', [0x80, 0x80, 0x80, 0x80, 0x80]],
    ['less than its size', [3, 0, 0x61]],
    ['a literal of more than its size', [1, 1 << 2, 0x61, 0x61]],
    ['a literal cut short', [2, 1 << 2, 0x61]],
    ['a literal of a length that is negative in 32 bits', [10, 0xfc, 0xfa, 0xff, 0xff, 0xff]],
    ['a length cut short', [70, 61 << 2, 69]],
    ['a copy of nothing', [4, 1, 1]],
    ['a copy of what is not there yet', [6, 1 << 2, 0x61, 0x62, 1, 3]],
    ['a copy with an offset of 0', [6, 1 << 2, 0x61, 0x62, 1, 0]],
    ['a copy of more than its size', [3, 1 << 2, 0x61, 0x62, (4 << 2) | 1, 2]],
    ['an offset cut short', [5, 1 << 2, 0x61, 0x62, (2 << 2) | 2, 2]],
  ]
  for (const [name, bytes] of malformed) {
    assert.throws(() => uncompressed(bytes), { code: 'SNAPPY_MALFORMED' }, name)
  }
})

test('whatever the bytes, a block ends in bytes or an error that has a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        assert.ok(uncompressBlock(bytes, most).length <= most)
      } catch (error) {
        assert.ok(error instanceof AgentError, String(error))
      }
    }),
    { numRuns: 2000 },
  )
})

function uncompressed(block: readonly number[]): string {
  return Buffer.from(uncompressBlock(Uint8Array.from(block), most)).toString()
}
