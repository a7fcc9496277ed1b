import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AsciiSink } from '../../../../src/can/text/ascii-sink.js'
import { SlcanReader } from '../../../../src/can/text/slcan-reader.js'
import { writeSlcan } from '../../../../src/can/text/slcan-writer.js'
import { anyFrame, frameOf, plainOf, type PlainFrame, readLine } from '../../../support/plain-frames.js'

/** The stamps of the frame that was lent. */
const untimed = { seconds: 9, nanoseconds: 9 }

const lines: readonly (readonly [what: string, line: string, fields: Partial<PlainFrame>])[] = [
  ['a frame', 't1232AABB', { id: 0x123, data: [0xaa, 0xbb], ...untimed }],
  ['a frame without data', 't7FF0', { id: 0x7ff, ...untimed }],
  ['an extended frame', 'T1234567811a', { id: 0x12345678, extended: true, data: [0x1a], ...untimed }],
  ['a remote request', 'r1238', { id: 0x123, remote: true, length: 8, ...untimed }],
  ['an extended remote request', 'R123456780', { id: 0x12345678, extended: true, remote: true, ...untimed }],
  ['CAN FD', 'd123211FF', { id: 0x123, fd: true, data: [0x11, 0xff], ...untimed }],
  [
    'extended CAN FD',
    `D123456789${'11'.repeat(12)}`,
    { id: 0x12345678, extended: true, fd: true, dlc: 9, data: new Array<number>(12).fill(0x11), ...untimed },
  ],
  [
    'CAN FD with a bit rate switch',
    `b123F${'11'.repeat(64)}`,
    { id: 0x123, fd: true, bitRateSwitch: true, dlc: 15, data: new Array<number>(64).fill(0x11), ...untimed },
  ],
  [
    'extended CAN FD with a bit rate switch',
    'B123456780',
    { id: 0x12345678, extended: true, fd: true, bitRateSwitch: true, ...untimed },
  ],
  ['a stamp in milliseconds', 't1231AA0EB3', { id: 0x123, data: [0xaa], seconds: 3, nanoseconds: 763_000_000 }],
  ['a stamp in microseconds', 't1231AA00000EB3', { id: 0x123, data: [0xaa], seconds: 0, nanoseconds: 3_763_000 }],
  ['a frame behind a refusal', '\x07\x07t1230', { id: 0x123, ...untimed }],
]

for (const [what, line, fields] of lines) {
  test(`slcan: ${what} is read`, () => {
    const read = readLine(new SlcanReader(), line)
    assert.deepEqual(read, { kind: 'frame', bus: '', frame: plainOf(frameOf(fields)) })
  })
}

test('slcan: stamps go on when they begin anew each minute', () => {
  const reader = new SlcanReader()
  const seconds = ['t12300000', 't1230EA5F', 't12300001', 't12300002', 't12300000'].map(
    (line) => readLine(reader, line).frame.seconds,
  )
  assert.deepEqual(seconds, [0, 59, 60, 60, 120])
  assert.equal(reader.timing, 'relative')
})

test('slcan: answers to commands are told from what cannot be read', () => {
  for (const line of ['', '\x07', 'z', 'Z', 'V1013', 'NA123', 'F00', 'e1a', 'sa000000']) {
    assert.equal(readLine(new SlcanReader(), line).kind, 'other', line)
  }
  for (const line of [
    't',
    't12',
    't123',
    't8000',
    't1231',
    't1231A',
    't1231GG',
    't1231AA0',
    't1231AAEA60',
    't1231AA0EB31',
    'T123456',
    'T200000000',
    'd123F00',
    'r123',
    't1230 ',
    't123 0',
  ]) {
    assert.equal(readLine(new SlcanReader(), line).kind, 'bad', line)
  }
})

test('slcan: a frame that was written is read as the same frame', () => {
  fc.assert(
    fc.property(anyFrame({ step: 1, errors: false }), (frame) => {
      const sink = new AsciiSink(16)
      writeSlcan(sink, frame)
      const text = Buffer.from(sink.take()).toString()
      assert.equal(text.at(-1), '\r')
      const dlc = frame.fd ? frame.dlc : frame.length
      const { frame: read } = readLine(new SlcanReader(), text)
      assert.deepEqual(read, { ...plainOf(frame), ...untimed, dlc, errorState: false, sent: false })
    }),
  )
})
