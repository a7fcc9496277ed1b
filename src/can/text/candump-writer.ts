import type { CanFrame } from '../frame.js'
import type { AsciiSink } from './ascii-sink.js'
import { identifierBits } from './compact-frame.js'

/**
 * Writes a line of a log as `candump -L` does, which `canplayer` plays again:
 *
 *     (1436509052.249713) can0 123#1122 R
 *
 * With nine decimals it is a line of `candump -N`; older programs read six alone.
 */
export function writeCandumpLine(sink: AsciiSink, frame: CanFrame, bus: string, decimals: 6 | 9 = 6): void {
  sink.byte(0x28)
  sink.decimal(frame.seconds, 10)
  sink.byte(0x2e)
  sink.decimal(decimals === 9 ? frame.nanoseconds : Math.floor(frame.nanoseconds / 1000), decimals)
  sink.text(') ')
  sink.word(bus)
  sink.byte(0x20)
  writeCompactFrame(sink, frame)
  sink.text(frame.sent ? ' T\n' : ' R\n')
}

/** Writes a frame as `cansend` takes it: the other way of `readCompactFrame`. */
export function writeCompactFrame(sink: AsciiSink, frame: CanFrame): void {
  writeIdentifier(sink, frame)
  sink.byte(0x23)
  if (frame.fd) writeFdFlags(sink, frame)
  if (frame.remote) writeRemote(sink, frame)
  else sink.octets(frame.data, frame.length, '')
  if (!frame.fd && frame.dlc > 8 && frame.length === 8) {
    sink.byte(0x5f)
    sink.hex(frame.dlc, 1)
  }
}

/** Three digits, or eight of an extended or an error frame. */
export function writeIdentifier(sink: AsciiSink, frame: CanFrame): void {
  sink.hex(identifierBits(frame), frame.extended || frame.error ? 8 : 3)
}

function writeFdFlags(sink: AsciiSink, frame: CanFrame): void {
  sink.byte(0x23)
  sink.hex((frame.bitRateSwitch ? 1 : 0) | (frame.errorState ? 2 : 0), 1)
}

function writeRemote(sink: AsciiSink, frame: CanFrame): void {
  sink.byte(0x52)
  if (frame.length > 0) sink.decimal(frame.length)
}
