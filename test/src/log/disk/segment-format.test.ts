import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { readFrame, readHead } from '../../../../src/log/disk/frame.js'
import {
  formatVersion,
  isSegmentName,
  readSegmentHead,
  readSummary,
  segmentHead,
  segmentHeadBytes,
  segmentName,
  summaryFrame,
  summarySize,
} from '../../../../src/log/disk/segment-format.js'
import { texts } from '../../../support/arbitraries.js'
import { newerSegment } from '../../../support/damage.js'

const head = { run: 'run-of-agent', first: 500 }

describe('the head of a segment', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (first) => {
        assert.deepEqual(readSegmentHead(segmentHead({ ...head, first })), { ...head, first })
      }),
    )
  })

  it('is damaged when cut short or changed, foreign with another mark, newer with a later version', () => {
    const whole = segmentHead(head)
    for (let size = 0; size < segmentHeadBytes; size++)
      assert.equal(readSegmentHead(whole.subarray(0, size)), 'damaged', `${size} bytes`)
    for (let at = 0; at < segmentHeadBytes; at++) {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0x40
      assert.equal(readSegmentHead(bytes), at < 8 ? 'foreign' : 'damaged', `byte ${at}`)
    }
    assert.equal(readSegmentHead(newerSegment(formatVersion + 1)), 'newer')
  })
})

describe('the name of a segment', () => {
  it('sorts as the sequences do', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (one, other) => {
        assert.ok(isSegmentName(segmentName(one)))
        assert.equal(segmentName(one) < segmentName(other), one < other)
      }),
    )
  })

  it('is no other file’s', () => {
    for (const name of ['0.seg', 'checkpoint.json', '000000000000000G.seg', '0000000000000000.seg.new'])
      assert.ok(!isSegmentName(name), name)
  })
})

describe('the summary of a segment', () => {
  it('is found from the end of the file and comes back as it was written', () => {
    const group = fc.record(
      { tag: texts, input: texts, output: texts, chunks: fc.nat(), events: fc.nat(), bytes: fc.nat() },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(fc.array(group, { maxLength: 5 }), fc.maxSafeNat(), (groups, last) => {
        const summary = { last, time: 1, uptime: 2, boot: 'b'.repeat(32), groups }
        const bytes = summaryFrame(summary)
        assert.equal(summarySize(bytes), bytes.length)
        const frame = readHead(bytes, 0)
        assert.ok(frame)
        assert.deepEqual(readSummary(readFrame(bytes, 0, frame)?.entries as Buffer), summary)
      }),
    )
  })
})
