import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readEvents } from 'sluice/plugin'
import { EntryWriter } from '../../../src/event/entry-writer.js'
import type { EventRecord } from '../../../src/event/event.js'
import { frameRecord, FrameRecordWriter } from '../../../src/can/frame-record.js'
import { readFrameRecord } from '../../../src/can/read-frame-record.js'
import { anyFrame, frameOf, plainOf, usedFrame } from '../../support/plain-frames.js'

const withoutTime = { seconds: 9, nanoseconds: 9 }

test('a frame is a record of what a bus tells of it', () => {
  const frame = frameOf({ id: 0x123, data: [0x11, 0xa2] })
  const record = { bus: 'can0', direction: 'rx', id: 0x123, extended: false, length: 2, data: '11a2' }
  assert.deepEqual(frameRecord(frame, 'can0'), record)
})

test('a record of a frame is read as the same frame', () => {
  fc.assert(
    fc.property(anyFrame({ step: 1, errors: true }), (frame) => {
      const read = usedFrame()
      assert.equal(readFrameRecord(frameRecord(frame, 'can0'), read), undefined)
      assert.deepEqual(plainOf(read), { ...plainOf(frame), ...withoutTime })
    }),
  )
})

test('the record that is written without being made is the same', () => {
  const records = new FrameRecordWriter()
  fc.assert(
    fc.property(anyFrame({ step: 1, errors: true }), (frame) => {
      const writer = new EntryWriter()
      writer.writeEntryHeader(frame.seconds, frame.nanoseconds)
      records.write(writer, frame, 'can0')
      const [event] = readEvents({ tag: 'can', entries: writer.take(), count: 1 })
      assert.deepEqual(event?.record, frameRecord(frame, 'can0'))
    }),
  )
})

test('records of a like kind are read too', () => {
  const records: readonly EventRecord[] = [
    { id: '0x123', data: '11 22' },
    { id: '123', data: '11:22', extended: false },
    { id: 0x123, data: Uint8Array.of(0x11, 0x22) },
    { id: 0x123n, data: [0x11, 0x22] },
  ]
  for (const record of records) {
    const frame = usedFrame()
    assert.equal(readFrameRecord(record, frame), undefined)
    assert.deepEqual(plainOf(frame), plainOf(frameOf({ id: 0x123, data: [0x11, 0x22], ...withoutTime })))
  }
  const frame = usedFrame()
  assert.equal(readFrameRecord({ id: 0x800, data: '00'.repeat(12) }, frame), undefined)
  assert.deepEqual([frame.extended, frame.fd, frame.dlc], [true, true, 9])
})

test('a record that is no frame is refused with the reason', () => {
  const records: readonly (readonly [EventRecord, RegExp])[] = [
    [{}, /identifier/],
    [{ id: -1 }, /identifier/],
    [{ id: 1.5 }, /identifier/],
    [{ id: 2 ** 29 }, /identifier/],
    [{ id: 'xyz' }, /identifier/],
    [{ id: 0x800, extended: false }, /11 bits/],
    [{ id: 1, data: '1' }, /hexadecimal/],
    [{ id: 1, data: 'xx' }, /hexadecimal/],
    [{ id: 1, data: 17 }, /hexadecimal/],
    [{ id: 1, data: [256] }, /hexadecimal/],
    [{ id: 1, data: { a: 1 } }, /hexadecimal/],
    [{ id: 1, data: '00'.repeat(65) }, /64 bytes/],
    [{ id: 1, data: '00'.repeat(9), fd: false }, /classic/],
    [{ id: 1, remote: true, length: 9 }, /remote/],
  ]
  for (const [record, reason] of records) assert.match(readFrameRecord(record, usedFrame()) ?? '', reason)
})
