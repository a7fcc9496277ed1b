import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { uncompress } from 'snappyjs'
import { compressBlock, uncompressBlock } from '../../../src/snappy/index.js'

/** Runs of a few pieces, which repeat at all distances. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(60)))
  .map((parts) =>
    Buffer.concat(parts.map(([piece, times]) => Buffer.concat(Array.from({ length: times }, () => piece)))),
  )

test('what was compressed comes back, read by another implementation and by this one', () => {
  fc.assert(
    fc.property(fc.oneof(repetitive, fc.uint8Array({ maxLength: 300 })), (whole) => {
      const block = compressBlock(whole)
      assert.ok(Buffer.from(uncompress(block)).equals(whole))
      assert.ok(Buffer.from(uncompressBlock(block, whole.length)).equals(whole))
    }),
  )
})

test('pieces of more than 64 KiB come back', () => {
  const line = Buffer.from('{"device":"gateway-7","sensor":"engine.coolant.temperature","value":87.25}\n')
  for (const size of [65_535, 65_536, 65_537, 65_539, 200_000]) {
    const whole = Buffer.alloc(size, line)
    const block = compressBlock(whole)
    assert.ok(block.length < size / 10, String(block.length))
    assert.ok(Buffer.from(uncompress(block)).equals(whole), String(size))
  }
})

test('what does not repeat takes hardly more room than before', () => {
  const whole = noise(300_000)
  const block = compressBlock(whole)
  assert.ok(block.length <= whole.length + 100, String(block.length - whole.length))
  assert.ok(Buffer.from(uncompress(block)).equals(whole))
})

test('short and near repetitions become the short form of a copy, far and long ones the long form', () => {
  assert.deepEqual([...compressBlock(Buffer.from('abcdabcd'))], [8, 3 << 2, 0x61, 0x62, 0x63, 0x64, 1, 4])
  assert.deepEqual([...compressBlock(new Uint8Array())], [0])
  const run = compressBlock(Buffer.alloc(70, 'a'))
  assert.deepEqual([...run], [70, 0, 0x61, (63 << 2) | 2, 1, 0, (1 << 2) | 1, 1])
})

/** Numbers of a linear congruential generator: the same in every run. */
function noise(size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let state = 1
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = state >>> 16
  }
  return bytes
}
