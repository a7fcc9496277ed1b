import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CanFrame } from 'sluice/can'
import { AsciiSink } from '../../../../src/can/text/ascii-sink.js'
import { writeAscHeader, writeAscLine } from '../../../../src/can/text/asc-writer.js'
import { CanLog } from '../../../../src/can/text/can-log.js'
import { writeCandumpLine } from '../../../../src/can/text/candump-writer.js'
import { type LogFormat, logFormats } from '../../../../src/can/text/log-format.js'
import { writeSlcan } from '../../../../src/can/text/slcan-writer.js'
import { writeTrcHeader, writeTrcLine } from '../../../../src/can/text/trc-writer.js'
import { frameOf, plainOf, type PlainFrame } from '../../../support/plain-frames.js'

const start = 1_436_509_052
const frame = frameOf({ id: 0x123, data: [1, 2], seconds: start + 1, nanoseconds: 5000 })

const heads = {
  candump: () => undefined,
  slcan: () => undefined,
  asc: (sink: AsciiSink) => writeAscHeader(sink, start),
  trc: (sink: AsciiSink) => writeTrcHeader(sink, start),
}

const lines = {
  candump: (sink: AsciiSink) => writeCandumpLine(sink, frame, 'can0'),
  slcan: (sink: AsciiSink) => {
    writeSlcan(sink, frame)
    sink.byte(0x0a)
  },
  asc: (sink: AsciiSink) => writeAscLine(sink, frame, 1, start),
  trc: (sink: AsciiSink) => writeTrcLine(sink, frame, { number: 1, bus: 1, start }),
}

/** Three times the same frame. */
function written(format: LogFormat): Buffer {
  const sink = new AsciiSink()
  heads[format](sink)
  for (let count = 0; count < 3; count++) lines[format](sink)
  return Buffer.from(sink.take())
}

interface Heard {
  readonly log: CanLog
  readonly frames: PlainFrame[]
  readonly buses: string[]
}

function listening(format?: LogFormat): Heard {
  const frames: PlainFrame[] = []
  const buses: string[] = []
  const log = new CanLog((lent, bus) => {
    frames.push(plainOf(lent))
    buses.push(bus)
  }, format)
  return { log, frames, buses }
}

for (const format of logFormats) {
  test(`a log in the form of ${format} is known by its first lines, wherever reads cut it`, () => {
    const bytes = written(format)
    for (const size of [1, 7, 64, bytes.length]) {
      const { log, frames, buses } = listening()
      for (let at = 0; at < bytes.length; at += size) log.push(bytes.subarray(at, at + size))
      log.end()
      assert.equal(log.format, format)
      assert.deepEqual([log.frames, log.bad, log.tooLong], [3, 0, 0])
      assert.deepEqual(buses, new Array(3).fill(format === 'slcan' ? '' : 'can0'))
      for (const read of frames) assert.deepEqual([read.id, read.data], [0x123, [1, 2]])
      if (format !== 'slcan') assert.deepEqual(frames[2], plainOf(frame))
    }
  })
}

test('a byte order mark in front of a log is no part of its first line', () => {
  const mark = '\ufeff'
  const ascLog = `${mark}date Thu Jul 10 06:17:32 am 2015\nbase hex  timestamps absolute\n   1.0 1  123  Rx   d 1 11\n`
  for (const [format, text] of [
    ['asc', ascLog],
    ['trc', `${mark};$FILEVERSION=1.1\n     1)      1500.2  Rx         0123  1  11\n`],
    ['candump', `${mark}(1436509052.249713) can0 123#11\n`],
  ] as const) {
    const { log, frames } = listening()
    log.push(Buffer.from(text))
    assert.deepEqual([log.format, log.frames, log.bad], [format, 1, 0])
    assert.deepEqual([frames[0]?.id, frames[0]?.data], [0x123, [0x11]])
  }
})

for (const ending of ['\r', '\r\n'] as const) {
  test(`what an adapter with slcan sends is lines that end with ${JSON.stringify(ending)}`, () => {
    const bytes = Buffer.from(['t1232AABB', 'z', 'T1234567810C', 't7FF0', ''].join(ending))
    for (const size of [1, 7, bytes.length]) {
      for (const format of ['slcan', undefined] as const) {
        const { log, frames } = listening(format)
        for (let at = 0; at < bytes.length; at += size) log.push(bytes.subarray(at, at + size))
        assert.deepEqual([log.format, log.bad, log.tooLong], ['slcan', 0, 0])
        assert.deepEqual(
          frames.map(({ id }) => id),
          [0x123, 0x1234_5678, 0x7ff],
        )
      }
    }
  })
}

for (const [line, format] of [
  ['date Sat Sep 30 15:06:13.191 2017', 'asc'],
  ['base hex  timestamps absolute', 'asc'],
  ['   0.015991 1  123             Rx   d 0', 'asc'],
  [';$FILEVERSION=1.1', 'trc'],
  ['     1)     17535.4  Tx     00000100  0', 'trc'],
  ['t1230', 'slcan'],
  ['T123456780', 'slcan'],
  ['(1.2) can0 123#', 'candump'],
  [' can0  123   [0] ', 'candump'],
  ['123#11', 'candump'],
  ['dead  123   [0] ', 'candump'],
] as const) {
  test(`the line "${line}" is of ${format}`, () => {
    const { log } = listening()
    log.push(Buffer.from(`\n# comment\n${line}\n`))
    assert.equal(log.format, format)
  })
}

test('a form that is told is not guessed', () => {
  const { log } = listening('slcan')
  log.push(Buffer.from('(1.2) can0 123#\nt1230\n'))
  assert.deepEqual([log.format, log.frames], ['slcan', 1])
})

test('what cannot be read is counted and told by its line', () => {
  const { log } = listening()
  log.push(Buffer.from('(1.2) can0 123#\nnoise\n\n(1.2) can0 124#\n(1.2) can0 123#1\n(1.2) can0 125#'))
  assert.deepEqual([log.frames, log.bad, log.lastBad, log.lines], [2, 2, 5, 5])
  log.end()
  assert.deepEqual([log.frames, log.lines], [3, 6])
})

test('a line that never ends costs no memory, and the next one is read', () => {
  const { log } = listening()
  const noise = Buffer.alloc(100_000, 'x')
  for (let count = 0; count < 10; count++) log.push(noise)
  log.push(Buffer.from('\n(1.2) can0 123#\n'))
  log.push(Buffer.concat([noise, Buffer.from('\n(1.2) can0 123#\n')]))
  assert.deepEqual([log.frames, log.tooLong], [2, 2])
})

/** What every frame keeps to, whatever the line was. */
function assertSound(lent: CanFrame): void {
  const { length, fd, id, extended, error, dlc, seconds, nanoseconds } = lent
  assert.ok(length >= 0 && length <= (fd ? 64 : 8), `length ${length}`)
  assert.ok(id >= 0 && id <= (extended || error ? 0x1fff_ffff : 0x7ff), `id ${id}`)
  assert.ok(dlc >= 0 && dlc < 16, `dlc ${dlc}`)
  assert.ok(Number.isInteger(seconds), `seconds ${seconds}`)
  assert.ok(Number.isInteger(nanoseconds) && nanoseconds >= 0 && nanoseconds < 1e9, `nanoseconds ${nanoseconds}`)
}

test('noise of any kind ends no reader, and what is read of it is sound', () => {
  const fragment = fc.constantFrom(
    '(',
    ')',
    '1436509052.249713',
    '.',
    ' ',
    'can0',
    '123',
    '#',
    '##',
    'R',
    '_9',
    '[8]',
    '{E}',
    '11',
    '1122334455667788',
    '\x1b[1m',
    '`',
    '\r',
    'date ',
    'base hex timestamps relative',
    'Rx',
    'Tx',
    'd',
    'r',
    'CANFD',
    'ErrorFrame',
    ';$COLUMNS=',
    'N,O,T,B,I,d,R,L,D',
    ';$STARTTIME=',
    '1e999',
    'DT',
    'FD',
    '-',
    't',
    'T',
    '\x07',
    '99999999999999999999',
    '\t',
    'é',
    '\0',
    '2015-07-10 06:17:32',
  )
  const line = fc
    .array(fc.oneof(fragment, fc.string({ maxLength: 8 })), { maxLength: 20 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom(...logFormats), (all, format) => {
      const log = new CanLog(assertSound, format)
      log.push(Buffer.from(all.join('\n')))
      log.end()
    }),
    { numRuns: 1000 },
  )
})

test('of a log with some bytes changed, what is read is sound', () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))
  const changes = fc.array(change, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.constantFrom(...logFormats), changes, (format, all) => {
      const bytes = written(format)
      for (const [at, byte] of all) bytes[at % bytes.length] = byte
      const log = new CanLog(assertSound, format)
      log.push(bytes)
      log.end()
      assert.ok(log.lines > 0)
    }),
    { numRuns: 1000 },
  )
})
