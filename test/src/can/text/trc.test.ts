import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AsciiSink } from '../../../../src/can/text/ascii-sink.js'
import { TrcReader } from '../../../../src/can/text/trc-reader.js'
import { writeTrcHeader, writeTrcLine } from '../../../../src/can/text/trc-writer.js'
import { anyFrame, frameOf, plainOf, type PlainFrame, type ReadLine, readLine } from '../../../support/plain-frames.js'

const head: { readonly [version: string]: string } = {
  '1.0': ';##########\n;   C:\\log.trc\n',
  '1.1': ';$FILEVERSION=1.1\n',
  '1.2': ';$FILEVERSION=1.2\n',
  '1.3': ';$FILEVERSION=1.3\n',
  '2.0': ';$FILEVERSION=2.0\n;$COLUMNS=N,O,T,I,d,l,D\n',
  '2.1': ';$FILEVERSION=2.1\n;$COLUMNS=N,O,T,B,I,d,R,L,D\n',
}

function readAll(text: string, reader = new TrcReader()): ReadLine[] {
  return text.split('\n').map((line) => readLine(reader, line))
}

const time = { seconds: 17, nanoseconds: 535_400_000 }
const zeros = [0, 0, 0, 0, 0, 0, 0, 0]

const lines: readonly (readonly [
  version: string,
  what: string,
  line: string,
  bus: string,
  fields: Partial<PlainFrame>,
])[] = [
  [
    '1.0',
    'a frame',
    '     1)     17535  00000100  8  00 00 00 00 00 00 00 00',
    'can0',
    { id: 0x100, extended: true, data: zeros, nanoseconds: 535_000_000 },
  ],
  [
    '1.0',
    'a remote request',
    '    12)     17535      0704  1  RTR',
    'can0',
    { id: 0x704, remote: true, length: 1, nanoseconds: 535_000_000 },
  ],
  ['1.1', 'a frame', '     1)     17535.4  Rx         0704  2  11 22', 'can0', { id: 0x704, data: [0x11, 0x22] }],
  [
    '1.1',
    'what was sent',
    '     1)     17535.4  Tx     00000100  8  00 00 00 00 00 00 00 00 ',
    'can0',
    { id: 0x100, extended: true, sent: true, data: zeros },
  ],
  [
    '1.1',
    'an error',
    '     1)     17535.4  Error      0008  4  00 19 08 08',
    'can0',
    { error: true, id: 0x80, data: zeros },
  ],
  [
    '1.2',
    'a frame of a second bus',
    '     1)     17535.4 2  Rx         0704  2  11 22',
    'can1',
    { id: 0x704, data: [0x11, 0x22] },
  ],
  [
    '1.3',
    'a frame',
    '     1)        17535.4 1  Tx    00000100 -  8    00 00 00 00 00 00 00 00',
    'can0',
    { id: 0x100, extended: true, sent: true, data: zeros },
  ],
  [
    '2.0',
    'a frame',
    '      1     17535.400 DT 00000100 Tx 8  00 00 00 00 00 00 00 00',
    'can0',
    { id: 0x100, extended: true, sent: true, data: zeros },
  ],
  [
    '2.0',
    'CAN FD with a length in bytes',
    '      1     17535.400 FD     0100 Rx 12  00 00 00 00 00 00 00 00 01 02 03 04',
    'can0',
    { id: 0x100, fd: true, dlc: 9, data: [...zeros, 1, 2, 3, 4] },
  ],
  [
    '2.1',
    'a frame',
    '      5     17535.400 DT 1      0000 Tx -  8    00 00 00 00 00 00 00 00',
    'can0',
    { sent: true, data: zeros },
  ],
  [
    '2.1',
    'a data length code that means 8',
    '      5     17535.400 DT 3      0001 Rx -  9    00 00 00 00 00 00 00 00',
    'can2',
    { id: 1, data: zeros, dlc: 9 },
  ],
  [
    '2.1',
    'CAN FD with both flags',
    '      5     17535.400 BI 1      0001 Rx -  9    00 00 00 00 00 00 00 00 01 02 03 04',
    'can0',
    { id: 1, fd: true, bitRateSwitch: true, errorState: true, dlc: 9, data: [...zeros, 1, 2, 3, 4] },
  ],
  [
    '2.1',
    'CAN FD with a bit rate switch',
    '      5     17535.400 FB 1      0001 Rx -  1    00',
    'can0',
    { id: 1, fd: true, bitRateSwitch: true, data: [0] },
  ],
  [
    '2.1',
    'CAN FD from an error passive sender',
    '      5     17535.400 FE -      0001 Rx -  0',
    'can0',
    { id: 1, fd: true, errorState: true },
  ],
  [
    '2.1',
    'a remote request',
    '      5     17535.400 RR 1  00000001 Rx -  4',
    'can0',
    { id: 1, extended: true, remote: true, length: 4 },
  ],
  [
    '2.1',
    'an error',
    '      5     17535.400 ER 1         - Rx -  5    04 00 02 00 00',
    'can0',
    { error: true, id: 0x80, data: zeros },
  ],
]

for (const [version, what, line, bus, fields] of lines) {
  test(`trc ${version}: ${what} is read`, () => {
    const read = readAll(`${head[version]}${line}`).at(-1)
    assert.deepEqual(read, { kind: 'frame', bus, frame: plainOf(frameOf({ ...time, ...fields })) })
  })
}

test('trc: the start of the trace is a moment in the zone of this machine', () => {
  const reader = new TrcReader()
  const text = `;$FILEVERSION=1.1\n;$STARTTIME=44548.6028595139\n     1)     17535.4  Rx         0704  0`
  const { frame } = readAll(text, reader).at(-1) ?? assert.fail('no line')
  assert.equal(frame.seconds, new Date(2021, 11, 18, 14, 28, 7).getTime() / 1000 + 17)
  assert.equal(frame.nanoseconds, 597_400_000)
  assert.equal(reader.timing, 'absolute')
})

test('trc: warnings and states of the bus are told from what cannot be read', () => {
  for (const [version, line] of [
    ['1.0', '     2)     17540  FFFFFFFF  4  00 00 00 08 -- -- -- -- BUSHEAVY'],
    ['1.1', '     2)     17540.3  Warng  FFFFFFFF  4  00 00 00 08  BUSHEAVY '],
    ['2.0', '      2     17540.300 ST          Rx    00 00 00 08'],
    ['2.1', '      2     17540.300 ST 1         - Rx -  4    00 00 00 08'],
    ['2.1', ''],
    ['2.1', ';   Message   Time    Type    ID     Rx/Tx'],
  ]) {
    assert.equal(readAll(`${head[version ?? '']}${line}`).at(-1)?.kind, 'other', line)
  }
  for (const [version, line] of [
    ['1.0', '1)'],
    ['1.0', '1) x'],
    ['1.0', '1) 17 0800 1 00'],
    ['1.0', '1) 17 0700 2 00'],
    ['1.0', '1) 17 20000000 1 00'],
    ['1.0', '1) 17 0700 99'],
    ['2.1', '1 17.0 FD 1 0001 Rx - 9 00'],
    ['2.1', '1 17.0 DT x 0001 Rx - 1 00'],
    ['2.0', '1 17.0 FD 0001 Rx 65 00'],
    ['1.0', '1) 17 0700 1 0'],
    ['1.0', '1) 17 0700 1 000'],
  ]) {
    assert.equal(readAll(`${head[version ?? '']}${line}`).at(-1)?.kind, 'bad', line)
  }
})

test('trc: a frame that was written is read as the same frame', () => {
  fc.assert(
    fc.property(anyFrame({ step: 1000, errors: false }), fc.integer({ min: 0, max: 20_000 }), (frame, age) => {
      const start = frame.seconds - age
      const sink = new AsciiSink(16)
      writeTrcHeader(sink, start)
      writeTrcLine(sink, frame, { number: 7, bus: 2, start })
      const reads = readAll(Buffer.from(sink.take()).toString().trimEnd())
      assert.deepEqual(reads.at(-1), { kind: 'frame', bus: 'can1', frame: plainOf(frame) })
    }),
  )
})

test('trc: an error frame is written as no more than that, and what is older than the start has its time', () => {
  const sink = new AsciiSink()
  writeTrcLine(sink, frameOf({ error: true, id: 4, seconds: 10 }), { number: 1, bus: 1, start: 11 })
  const line = Buffer.from(sink.take()).toString()
  assert.deepEqual(readAll(`${head['2.1']}${line}`)[2], {
    kind: 'frame',
    bus: 'can0',
    frame: plainOf(frameOf({ error: true, id: 0x80, data: zeros })),
  })
})
