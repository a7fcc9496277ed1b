import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CanFrame, copyFrame, emptyFrame } from 'sluice/can'
import { writeAscHeader, writeAscLine } from '../../../../src/can/text/asc-writer.js'
import { AsciiSink } from '../../../../src/can/text/ascii-sink.js'
import { CanLog } from '../../../../src/can/text/can-log.js'
import { writeCandumpLine } from '../../../../src/can/text/candump-writer.js'
import type { LogFormat } from '../../../../src/can/text/log-format.js'
import { anyFrame, plainOf, type PlainFrame } from '../../../support/plain-frames.js'
import { type Peer, peer } from '../../../support/peers.js'

const start = 1_436_509_052
const log2asc = peer('log2asc')
const asc2log = peer('asc2log')
const log2long = peer('log2long')

/** Frames in the order of their times, of which the first is at the start. */
const drive = fc
  .array(anyFrame({ step: 1000, errors: false }), { minLength: 1, maxLength: 200 })
  .map((frames) => frames.map((frame, index) => at(frame, index)))

function at(frame: CanFrame, index: number): CanFrame {
  const copy = emptyFrame()
  copyFrame(frame, copy)
  copy.seconds = start + (index >> 3)
  copy.nanoseconds = index === 0 ? 0 : (index & 7) * 123_456_000
  return copy
}

function run({ path }: Peer, args: readonly string[], input: Uint8Array): Buffer {
  const { stdout, status, error } = spawnSync(path, args, {
    input,
    env: { ...process.env, LC_ALL: 'C' },
    timeout: 20_000,
  })
  assert.equal(error, undefined)
  assert.equal(status, 0)
  assert.ok(stdout.length > 0)
  return stdout
}

function candumpOf(frames: readonly CanFrame[]): Uint8Array {
  const sink = new AsciiSink()
  for (const frame of frames) writeCandumpLine(sink, frame, 'can0')
  return sink.take()
}

function ascOf(frames: readonly CanFrame[]): Uint8Array {
  const sink = new AsciiSink()
  writeAscHeader(sink, start)
  for (const frame of frames) writeAscLine(sink, frame, 1, start)
  return sink.take()
}

function framesOf(bytes: Uint8Array, format: LogFormat): PlainFrame[] {
  const frames: PlainFrame[] = []
  const log = new CanLog((frame, bus) => {
    assert.equal(bus, 'can0')
    frames.push(plainOf(frame))
  })
  log.push(bytes)
  log.end()
  assert.deepEqual([log.format, log.bad, log.tooLong], [format, 0, 0])
  return frames
}

/** Debian's can-utils of 2020 know no raw data length codes. */
function withoutRawDlc(frame: PlainFrame): PlainFrame {
  return frame.fd ? frame : { ...frame, dlc: frame.length }
}

function expected(frames: readonly CanFrame[]): PlainFrame[] {
  return frames.map((frame) => withoutRawDlc(plainOf(frame)))
}

test('what log2asc makes of our log is read as the same frames', { skip: log2asc.skip }, () => {
  fc.assert(
    fc.property(drive, (frames) => {
      const asc = run(log2asc, ['can0'], candumpOf(frames))
      assert.deepEqual(framesOf(asc, 'asc').map(withoutRawDlc), expected(frames))
    }),
    { numRuns: 10 },
  )
})

test('what asc2log makes of our ASC is read as the same frames', { skip: asc2log.skip }, () => {
  fc.assert(
    fc.property(drive, (frames) => {
      for (const frame of frames) if (!frame.fd) frame.dlc = frame.length
      const read = framesOf(run(asc2log, [], ascOf(frames)), 'candump')
      assert.deepEqual(sinceFirst(read), sinceFirst(frames.map(plainOf)))
    }),
    { numRuns: 10 },
  )
})

test('what log2long makes of our log is read as the same frames', { skip: log2long.skip }, () => {
  fc.assert(
    fc.property(drive, (frames) => {
      const long = run(log2long, [], candumpOf(frames))
      const shown = (frame: PlainFrame): PlainFrame => ({
        ...frame,
        sent: false,
        bitRateSwitch: false,
        errorState: false,
      })
      assert.deepEqual(framesOf(long, 'candump').map(withoutRawDlc), expected(frames).map(shown))
    }),
    { numRuns: 10 },
  )
})

/** Without the locale of the date, asc2log takes its own clock for the start. */
function sinceFirst(frames: readonly PlainFrame[]): object[] {
  const micros = ({ seconds, nanoseconds }: PlainFrame): number => seconds * 1e6 + nanoseconds / 1000
  const [first] = frames
  assert.ok(first)
  return frames.map((frame) => ({ ...frame, seconds: 0, nanoseconds: 0, micros: micros(frame) - micros(first) }))
}
