import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AsciiSink } from '../../../../src/can/text/ascii-sink.js'
import { CandumpReader } from '../../../../src/can/text/candump-reader.js'
import { writeCandumpLine } from '../../../../src/can/text/candump-writer.js'
import { writeConsoleFrame } from '../../../../src/can/text/console-writer.js'
import { anyFrame, busName, frameOf, plainOf, readLine, type PlainFrame } from '../../../support/plain-frames.js'

const time = { seconds: 1_436_509_052, nanoseconds: 249_713_000 }
const eight = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]

const lines: readonly (readonly [what: string, line: string, bus: string, fields: Partial<PlainFrame>])[] = [
  ['a log line', '(1436509052.249713) can0 123#1122', 'can0', { id: 0x123, data: [0x11, 0x22], ...time }],
  ['a log line of what was received', '(1436509052.249713) vcan12 7FF# R', 'vcan12', { id: 0x7ff, ...time }],
  ['a log line of what was sent', '(1436509052.249713) can0 000#00 T', 'can0', { data: [0], sent: true, ...time }],
  ['nanoseconds', '(1436509052.249713999) can0 123#', 'can0', { id: 0x123, ...time, nanoseconds: 249_713_999 }],
  ['padded names of buses', '(1436509052.249713)   can0 123#', 'can0', { id: 0x123, ...time }],
  [
    'eight digits',
    '(1436509052.249713) can0 00000123#AB',
    'can0',
    { id: 0x123, extended: true, data: [0xab], ...time },
  ],
  [
    'an error frame',
    '(1436509052.249713) can0 20000004#0004000000000000',
    'can0',
    { id: 4, error: true, data: [0, 4, 0, 0, 0, 0, 0, 0], ...time },
  ],
  ['a remote request', '(1436509052.249713) can0 123#R', 'can0', { id: 0x123, remote: true, ...time }],
  [
    'a remote request of 5 bytes',
    '(1436509052.249713) can0 12345678#R5 R',
    'can0',
    { id: 0x12345678, extended: true, remote: true, length: 5, ...time },
  ],
  [
    'a data length code that means 8',
    '(1436509052.249713) can0 123#1122334455667788_E',
    'can0',
    { id: 0x123, data: eight, dlc: 14, ...time },
  ],
  [
    'a remote request with such a code',
    '(1436509052.249713) can0 123#R8_9',
    'can0',
    { id: 0x123, remote: true, length: 8, dlc: 9, ...time },
  ],
  ['CAN FD', '(1436509052.249713) can0 123##0', 'can0', { id: 0x123, fd: true, ...time }],
  [
    'CAN FD with flags',
    '(1436509052.249713) can0 123##3112233445566778899AABBCC',
    'can0',
    {
      id: 0x123,
      fd: true,
      bitRateSwitch: true,
      errorState: true,
      dlc: 9,
      data: [...eight, 0x99, 0xaa, 0xbb, 0xcc],
      ...time,
    },
  ],
  [
    'dots between bytes',
    '(1436509052.249713) can0 123#11.22.33',
    'can0',
    { id: 0x123, data: [0x11, 0x22, 0x33], ...time },
  ],
  [
    'a console line',
    ' (1436509052.249713)  can0  123   [2]  11 22',
    'can0',
    { id: 0x123, data: [0x11, 0x22], ...time },
  ],
  [
    'a console line with ASCII (-a)',
    " (1436509052.249713)  can0  12345678   [3]  41 42 43                  'ABC'",
    'can0',
    { id: 0x12345678, extended: true, data: [0x41, 0x42, 0x43], ...time },
  ],
  [
    'a console line of CAN FD (-x)',
    ' (1436509052.249713)  can0  TX B E  123  [02]  11 22',
    'can0',
    { id: 0x123, fd: true, bitRateSwitch: true, errorState: true, sent: true, data: [0x11, 0x22], ...time },
  ],
  [
    'a console line of what was received (-x)',
    ' (1436509052.249713)  can0  RX - -       123   [1]  11',
    'can0',
    { id: 0x123, data: [0x11], ...time },
  ],
  [
    'a remote request on the console',
    ' (1436509052.249713)  can0  123   [4]  remote request',
    'can0',
    { id: 0x123, remote: true, length: 4, ...time },
  ],
  [
    'an error frame on the console',
    ' (1436509052.249713)  can0  20000004   [8]  00 04 00 00 00 00 00 00   ERRORFRAME',
    'can0',
    { id: 4, error: true, data: [0, 4, 0, 0, 0, 0, 0, 0], ...time },
  ],
  [
    'a raw length on the console (-8)',
    ' (1436509052.249713)  can0  321   {B}  11 22 33 44 55 66 77 88',
    'can0',
    { id: 0x321, data: eight, dlc: 11, ...time },
  ],
  [
    'bytes in reverse order (-S)',
    ' (1436509052.249713)  can0  123   [3]  33`22`11',
    'can0',
    { id: 0x123, data: [0x11, 0x22, 0x33], ...time },
  ],
  [
    'bits (-i)',
    ' (1436509052.249713)  can0  123   [2]  00010001 10000000',
    'can0',
    { id: 0x123, data: [0x11, 0x80], ...time },
  ],
  [
    'bits in reverse order (-i -S)',
    ' (1436509052.249713)  can0  123   [2]  10000000`00010001',
    'can0',
    { id: 0x123, data: [0x11, 0x80], ...time },
  ],
  [
    'colours of lines (-c -c)',
    ' (1436509052.249713)  \x1b[1m\x1b[34mcan0  123   [2]  11 22\x1b[0m',
    'can0',
    { id: 0x123, data: [0x11, 0x22], ...time },
  ],
  [
    'colours of buses (-c)',
    ' (1436509052.249713)  \x1b[1m\x1b[34mcan0\x1b[0m  123   [2]  11 22',
    'can0',
    { id: 0x123, data: [0x11, 0x22], ...time },
  ],
  [
    'colours of all (-c -c -c)',
    ' \x1b[1m\x1b[31m(1436509052.249713)  can0  123   [2]  11 22\x1b[0m',
    'can0',
    { id: 0x123, data: [0x11, 0x22], ...time },
  ],
  [
    'a line that ends as on Windows',
    '(1436509052.249713) can0 123#1122\r',
    'can0',
    { id: 0x123, data: [0x11, 0x22], ...time },
  ],
]

for (const [what, line, bus, fields] of lines) {
  test(`candump: ${what} is read`, () => {
    const read = readLine(new CandumpReader(), line)
    assert.deepEqual(read, { kind: 'frame', bus, frame: plainOf(frameOf(fields)) })
  })
}

test('candump: a stamp says what it counts from', () => {
  const reader = new CandumpReader()
  for (const [line, timing] of [
    ['(1436509052.249713) can0 123#', 'absolute'],
    [' (000.012345)  can0  123   [0] ', 'relative'],
    [' (2015-07-10 06:17:32.249713)  can0  123   [0] ', 'absolute'],
    ['  can0  123   [0] ', 'none'],
    ['123#', 'none'],
  ] as const) {
    assert.equal(readLine(reader, line).kind, 'frame', line)
    assert.equal(reader.timing, timing, line)
  }
})

test('candump: a date is a moment in the zone of this machine', () => {
  const { frame } = readLine(new CandumpReader(), ' (2015-07-10 06:17:32.249713)  can0  123   [0] ')
  assert.equal(frame.seconds, new Date(2015, 6, 10, 6, 17, 32).getTime() / 1000)
  assert.equal(frame.nanoseconds, 249_713_000)
})

test('candump: a frame alone has no bus and leaves the time as it was', () => {
  const { frame, bus } = readLine(new CandumpReader(), '0CF00400#207D87481400F087')
  assert.equal(bus, '')
  assert.deepEqual([frame.id, frame.extended, frame.length], [0x0cf00400, true, 8])
  assert.deepEqual([frame.seconds, frame.nanoseconds], [9, 9])
})

test('candump: what is no frame is told from what cannot be read', () => {
  for (const line of [
    '',
    '   ',
    '\r',
    '# comment',
    '; comment',
    '\tbus-off',
    "DROPCOUNT: dropped 5 CAN frames on 'can0' socket (total drops 5)",
  ]) {
    assert.equal(readLine(new CandumpReader(), line).kind, 'other', line)
  }
  for (const line of [
    'can0',
    'can0 ',
    '(',
    '(1)',
    '(1.2',
    '(1.2) can0',
    '(1.) can0 123#',
    '(x) can0 123#',
    '(1.2) can0 123',
    '(1.2) can0 #11',
    '(1.2) can0 123#1',
    '(1.2) can0 123#1G',
    '(1.2) can0 123#112233445566778899',
    '(1.2) can0 123##',
    '(1.2) can0 123##G',
    `(1.2) can0 123##0${'11'.repeat(65)}`,
    '(1.2) can0 123#R9',
    '(1.2) can0 123#11_9',
    '(1.2) can0 123#1122334455667788_8',
    '(1.2) can0 20000001#R',
    '(1.2) can0 20000001##0',
    '(1.2) can0 45123#81:00:12345678#11223344.556677',
    '(1.2) can0 123456789#',
    '(1.2) can0 800#',
    'can0  800   [0] ',
    'can0  123   [9]  11 22 33 44 55 66 77 88 99',
    'can0  123   [3]  11 22',
    'can0  123   [65]  11',
    'can0  123   [1]  1',
    'can0  123   [1',
    'can0  123',
    'can0  ERROR',
    '(2015-13-10 06:17:32.2) can0 123#',
    '(2015-02-30 06:17:32.2) can0 123#',
    `(1.2) ${'x'.repeat(65)} 123#`,
  ]) {
    assert.equal(readLine(new CandumpReader(), line).kind, 'bad', line)
  }
})

test('candump: a log line that was written is read as the same frame', () => {
  fc.assert(
    fc.property(anyFrame({ step: 1000, errors: true }), busName, (frame, bus) => {
      const sink = new AsciiSink(16)
      writeCandumpLine(sink, frame, bus)
      const line = Buffer.from(sink.take()).toString().trimEnd()
      assert.deepEqual(readLine(new CandumpReader(), line), { kind: 'frame', bus, frame: plainOf(frame) })
    }),
  )
})

test('candump: nine decimals keep every nanosecond', () => {
  fc.assert(
    fc.property(anyFrame({ step: 1, errors: true }), busName, (frame, bus) => {
      const sink = new AsciiSink(16)
      writeCandumpLine(sink, frame, bus, 9)
      const line = Buffer.from(sink.take()).toString().trimEnd()
      assert.deepEqual(readLine(new CandumpReader(), line), { kind: 'frame', bus, frame: plainOf(frame) })
    }),
  )
})

test('candump: a console line that was written is read as the same frame', () => {
  fc.assert(
    fc.property(anyFrame({ step: 1, errors: true }), busName, (frame, bus) => {
      const sink = new AsciiSink(16)
      writeConsoleFrame(sink, frame, bus)
      const read = readLine(new CandumpReader(), Buffer.from(sink.take()).toString())
      const untimed = { ...plainOf(frame), seconds: 9, nanoseconds: 9 }
      assert.deepEqual(read, { kind: 'frame', bus, frame: untimed })
    }),
  )
})

test('candump: names of buses that differ stay apart, however many there are', () => {
  const reader = new CandumpReader()
  for (let round = 0; round < 3; round++) {
    for (let bus = 0; bus < 200; bus++) {
      assert.equal(readLine(reader, `(1.2) can${bus} 123#`).bus, `can${bus}`)
    }
  }
})
