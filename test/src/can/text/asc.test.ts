import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AscReader } from '../../../../src/can/text/asc-reader.js'
import { writeAscHeader, writeAscLine } from '../../../../src/can/text/asc-writer.js'
import { AsciiSink } from '../../../../src/can/text/ascii-sink.js'
import { anyFrame, frameOf, plainOf, type PlainFrame, type ReadLine, readLine } from '../../../support/plain-frames.js'

const eight = [0x01, 0xa0, 0x0f, 0xa6, 0x60, 0x3b, 0xd1, 0x40]
const time = { seconds: 3, nanoseconds: 98_426_000 }
const busError = { error: true, id: 0x80, data: [0, 0, 0, 0, 0, 0, 0, 0] }
const zeros = ' 00'.repeat(59)

const lines: readonly (readonly [what: string, line: string, bus: string, fields: Partial<PlainFrame>])[] = [
  ['a frame', '   3.098426 1  123             Rx   d 2 01 A0', 'can0', { id: 0x123, data: [1, 0xa0] }],
  ['what was sent', '   3.098426 2  123             Tx   d 0', 'can1', { id: 0x123, sent: true }],
  [
    'an extended frame with what Vector adds',
    '   3.098426 1  18EBFF00x       Rx d 8 01 A0 0F A6 60 3B D1 40    Length = 273910 BitCount = 141 ID = 418119424x',
    'can0',
    { id: 0x18ebff00, extended: true, data: eight },
  ],
  [
    'a data length code that means 8',
    '   3.098426 1  6F9             Rx   d F 01 A0 0F A6 60 3B D1 40',
    'can0',
    { id: 0x6f9, data: eight, dlc: 15 },
  ],
  ['a remote request without a length', '   3.098426 2 100 Rx r', 'can1', { id: 0x100, remote: true }],
  [
    'a remote request with what Vector adds',
    '   3.098426 3 200 Tx r Length = 1704000 BitCount = 145 ID = 88888888x',
    'can2',
    { id: 0x200, remote: true, sent: true },
  ],
  [
    'a remote request of 8 bytes',
    '   3.098426 4 300 Rx r 8 Length = 1704000 BitCount = 145 ID = 88888888x',
    'can3',
    { id: 0x300, remote: true, length: 8 },
  ],
  ['an error frame', '   3.098426 1 ErrorFrame', 'can0', busError],
  ['an error frame with a code', '   3.098426 1 ErrorFrame ECC: 10100010', 'can0', busError],
  [
    'an error frame of CAN FD',
    '  3.098426 CANFD   5 Tx ErrorFrame Not Acknowledge error, dominant error flag fffe c7 31ca Arb. 556 44 0 0 f 64 00',
    'can4',
    { ...busError, sent: true },
  ],
  [
    'CAN FD with a name',
    '   3.098426 CANFD   62 Rx         7d  BrakeSnData_4                    1 0 8  8 01 a0 0f a6 60 3b d1 40   104812  132   323000 a800f6c9 46500250 4b140250 20011736 2001040d',
    'can61',
    { id: 0x7d, fd: true, bitRateSwitch: true, data: eight },
  ],
  [
    'CAN FD from an error passive sender',
    '   3.098426 CANFD   62 Rx         88                                   0 1 8  8 01 a0 0f a6 60 3b d1 40   105812  137   323000 d001b0b3',
    'can61',
    { id: 0x88, fd: true, errorState: true, data: eight },
  ],
  [
    'CAN FD of 64 bytes whose flags say nothing',
    `   3.098426 CANFD   4 Rx        1C4D80A7x    AlphaNumericName_2    1 0 f 64 b1 02 03 04${zeros} 64 1331984 11 0 46500250`,
    'can3',
    {
      id: 0x1c4d80a7,
      extended: true,
      fd: true,
      bitRateSwitch: true,
      data: [0xb1, 2, 3, 4, ...new Array<number>(59).fill(0), 0x64],
    },
  ],
  [
    'a classic frame in the form of CAN FD',
    '   3.098426 CANFD   1 Rx          123                                  0 0 e  8 01 a0 0f a6 60 3b d1 40   130000  130        0 0 0 0 0 0',
    'can0',
    { id: 0x123, data: eight, dlc: 14 },
  ],
  [
    'a remote request in the form of CAN FD',
    '   3.098426 CANFD   1 Rx          123                                  0 0 5  0   130000  130       10 0 0 0 0 0',
    'can0',
    { id: 0x123, remote: true, length: 5 },
  ],
  ['a line that ends as on Windows', '   3.098426 1  123             Rx   d 1 01\r', 'can0', { id: 0x123, data: [1] }],
]

for (const [what, line, bus, fields] of lines) {
  test(`asc: ${what} is read`, () => {
    const read = readLine(new AscReader(), line)
    assert.deepEqual(read, { kind: 'frame', bus, frame: plainOf(frameOf({ ...time, ...fields })) })
  })
}

function readAll(text: string, reader = new AscReader()): ReadLine[] {
  return text.split('\n').map((line) => readLine(reader, line))
}

function timesOf(text: string): (readonly [seconds: number, nanoseconds: number])[] {
  const frames = readAll(text).filter(({ kind }) => kind === 'frame')
  return frames.map(({ frame }) => [frame.seconds, frame.nanoseconds])
}

const morning = new Date(2017, 8, 30, 3, 6, 13).getTime() / 1000

for (const [what, date, seconds, nanoseconds] of [
  ['of Vector, in English', 'Sat Sep 30 03:06:13.191 am 2017', morning, 191_000_000],
  ['in the afternoon', 'Sat Sep 30 03:06:13.191 pm 2017', morning + 12 * 3600, 191_000_000],
  ['at midnight', 'Sat Sep 30 12:06:13 am 2017', morning - 3 * 3600, 0],
  ['at noon', 'Sat Sep 30 12:06:13 PM 2017', morning + 9 * 3600, 0],
  ['of Vector, in German', 'Sam Sep 30 15:06:13.191 2017', morning + 12 * 3600, 191_000_000],
  ['of ctime', 'Sat Sep 30 03:06:13 2017', morning, 0],
  ['in another month', 'Mit Okt 4 03:06:13 2017', new Date(2017, 9, 4, 3, 6, 13).getTime() / 1000, 0],
] as const) {
  test(`asc: stamps count from a date ${what}`, () => {
    const text = `date ${date}\nbase hex  timestamps absolute\n   1.000001 1  1  Rx d 0\n   2.9 1  1  Rx d 0`
    const second = nanoseconds + 900_000_000
    assert.deepEqual(timesOf(text), [
      [seconds + 1, nanoseconds + 1000],
      second >= 1e9 ? [seconds + 3, second - 1e9] : [seconds + 2, second],
    ])
  })
}

test('asc: without a date that can be read, stamps are relative', () => {
  const reader = new AscReader()
  readAll('date sam. août 30 15:06:13 2017\n1.5 1 1 Rx d 0', reader)
  assert.equal(reader.timing, 'relative')
  readAll('date Sat Feb 30 15:06:13 2017\n1.5 1 1 Rx d 0', reader)
  assert.equal(reader.timing, 'relative')
  readAll('date Sat Sep 30 15:06:13 2017', reader)
  assert.equal(reader.timing, 'absolute')
})

test('asc: relative stamps count from the line before, whatever it was', () => {
  const head = 'date Sat Sep 30 03:06:13 am 2017\nbase hex  timestamps relative'
  const text = `${head}\n0.0 Start of measurement\n0.7 1 1 Rx d 0\n0.7 1  Statistic: D 0 R 0\n0.1 1 1 Rx d 0`
  assert.deepEqual(timesOf(text), [
    [morning, 700_000_000],
    [morning + 1, 500_000_000],
  ])
})

test('asc: the date of a trigger block counts only where there is no other', () => {
  const block = 'Begin Triggerblock Sat Sep 30 03:06:13 am 2017'
  assert.deepEqual(timesOf(`base hex timestamps absolute\n${block}\n0.5 1 1 Rx d 0`), [[morning, 500_000_000]])
  const later = 'Begin Triggerblock Sat Sep 30 04:06:13 am 2017'
  assert.deepEqual(timesOf(`date Sat Sep 30 03:06:13 am 2017\n${later}\n3600.5 1 1 Rx d 0`), [
    [morning + 3600, 500_000_000],
  ])
})

test('asc: numbers are decimal where the head says so', () => {
  const [, read] = readAll('base dec  timestamps absolute\n   3.098426 1  1234x             Rx   d 3 1 255 010')
  assert.deepEqual(read?.frame, plainOf(frameOf({ ...time, id: 1234, extended: true, data: [1, 255, 10] })))
})

test('asc: channels have the names that they were given', () => {
  const reader = new AscReader(['body', 'drive'])
  const names = [1, 2, 3, 0].map((channel) => readLine(reader, `1.0 ${channel} 1 Rx d 0`).bus)
  assert.deepEqual(names, ['body', 'drive', 'can2', 'body'])
})

test('asc: other events are told from frames that cannot be read', () => {
  for (const line of [
    '',
    '// version 9.0.0',
    'internal events logged',
    'no internal events logged',
    'End TriggerBlock',
    '   0.000000 Start of measurement',
    '   0.015991 CAN 1 Status:chip status error passive - TxErr: 132 RxErr: 0',
    '   1.015991 1  Statistic: D 0 R 0 XD 0 XR 0 E 0 O 0 B 0.00%',
    '   3.297743 1  J1939TP FEE3p 6 0 0 - Rx d 23 A0 0F',
    '1.0 1 123 TxRq d 1 00',
    '1.0 CANFD 1 TxRq 123 1 0 1 1 00',
    '1.0 SV: 1 0 1 ::name = 1',
    '1.0',
    '1.0 1',
    '59.171614 CANXL   2 Rx   XLFF   984438   4656      432',
  ]) {
    assert.equal(readLine(new AscReader(), line).kind, 'other', line)
  }
  for (const line of [
    'hello',
    '1.x',
    '1x0 1 123 Rx d 0',
    '1.0 1 123 Rx d',
    '1.0 1 123 Rx d G',
    '1.0 1 123 Rx d 2 11',
    '1.0 1 123 Rx d 2 11 1',
    '1.0 1 123 Rx d 1 111',
    '1.0 1 123 Rx x 1 11',
    '1.0 1 123 Rx d 10 11',
    '1.0 CANFD 1 Rx 123 1 0 f 65 11',
    '1.0 CANFD 1 Rx 123 1 0 2 2 11',
    '1.0 CANFD 1 Rx',
    '1.0 CANFD 1 Rx 20000000x 1 0 0 0',
    '1.0 CANFD 1 Rx 123 1 0 0 0 1 1 x',
  ]) {
    assert.equal(readLine(new AscReader(), line).kind, 'bad', line)
  }
})

test('asc: a frame that was written is read as the same frame', () => {
  fc.assert(
    fc.property(anyFrame({ step: 1000, errors: false }), fc.integer({ min: 0, max: 20_000 }), (frame, age) => {
      const start = frame.seconds - age
      const sink = new AsciiSink(16)
      writeAscHeader(sink, start)
      writeAscLine(sink, frame, 3, start)
      const reads = readAll(Buffer.from(sink.take()).toString().trimEnd())
      assert.deepEqual(
        reads.map(({ kind }) => kind),
        ['other', 'other', 'other', 'frame'],
      )
      assert.deepEqual(reads.at(-1), { kind: 'frame', bus: 'can2', frame: plainOf(frame) })
    }),
  )
})

test('asc: an error frame is written as no more than that, and what is older than the start has its time', () => {
  const sink = new AsciiSink()
  writeAscLine(
    sink,
    frameOf({ error: true, id: 4, data: [0, 4, 0, 0, 0, 0, 0, 0], seconds: 10, nanoseconds: 5000 }),
    12,
    11,
  )
  assert.equal(Buffer.from(sink.take()).toString(), '   0.000000 12 ErrorFrame\n')
})
