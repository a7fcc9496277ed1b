import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import {
  findHead,
  type FrameFields,
  frameStart,
  headBytes,
  readFrame,
  readHead,
} from '../../../../src/log/disk/frame.js'
import { texts } from '../../../support/arbitraries.js'

const fields: fc.Arbitrary<FrameFields> = fc.record(
  {
    sequence: fc.maxSafeNat(),
    time: fc.maxSafeNat(),
    uptime: fc.maxSafeNat(),
    boot: fc.string({ unit: fc.constantFrom('0', '7', 'a', 'f'), minLength: 32, maxLength: 32 }),
    count: fc.nat(),
    tag: texts,
    input: texts,
    output: texts,
  },
  { noNullPrototype: true },
)

function frameOf(of: FrameFields, entries: Uint8Array): Buffer {
  return Buffer.concat([frameStart(of, entries), entries])
}

describe('a frame', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fields, fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 9 }), (of, entries, before) => {
        const bytes = Buffer.concat([before, frameOf(of, entries), before])
        const head = readHead(bytes, before.length)
        assert.ok(head)
        assert.equal(head.size, bytes.length - 2 * before.length)
        const { entries: found, size: _, kind: __, ...rest } = { kind: 0, ...readFrame(bytes, before.length, head) }
        assert.deepEqual(rest, of)
        assert.deepEqual(Buffer.from(found ?? []), Buffer.from(entries))
      }),
    )
  })

  it('is not taken for whole with any one bit changed', () => {
    const of = {
      sequence: 7,
      time: 8,
      uptime: 9,
      boot: 'ab'.repeat(16),
      count: 3,
      tag: 'a.b',
      input: 'in',
      output: 'o',
    }
    const whole = frameOf(of, Buffer.from('entries'))
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const bytes = Buffer.from(whole)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const head = readHead(bytes, 0)
      assert.equal(head === undefined, bit < 8 * headBytes, 'only a head that is damaged is no head')
      if (head) assert.equal(readFrame(bytes, 0, head), undefined, `bit ${bit}`)
    }
  })

  it('is found behind bytes of any kind, among them its own mark', () => {
    const of = { sequence: 1, time: 0, uptime: 0, boot: '0'.repeat(32), count: 1, tag: 'a', input: '', output: '' }
    const frame = frameOf(of, Buffer.alloc(0))
    const noise = fc.oneof(fc.constant('SLF1'), fc.constant('SLF'), fc.string({ maxLength: 5 }))
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 40 }), (pieces) => {
        const before = Buffer.from(pieces.join(''))
        assert.equal(findHead(Buffer.concat([before, frame]), 0), before.length)
        assert.equal(findHead(Buffer.concat([before, frame.subarray(0, headBytes - 1)]), 0), -1)
      }),
    )
  })
})
