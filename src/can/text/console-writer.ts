import type { CanFrame } from '../frame.js'
import type { AsciiSink } from './ascii-sink.js'
import { writeIdentifier } from './candump-writer.js'

/**
 * Writes a frame as `candump -x` shows it to people, without its time:
 *
 *     can0  RX - -  123   [2]  11 22
 */
export function writeConsoleFrame(sink: AsciiSink, frame: CanFrame, bus: string): void {
  sink.word(bus)
  sink.text(frame.sent ? '  TX ' : '  RX ')
  sink.text(frame.bitRateSwitch ? 'B ' : '- ')
  sink.text(frame.errorState ? 'E  ' : '-  ')
  writeIdentifier(sink, frame)
  writeLength(sink, frame)
  if (frame.remote) return sink.text('  remote request')
  sink.byte(0x20)
  sink.octets(frame.data, frame.length, ' ')
  if (frame.error) sink.text('   ERRORFRAME')
}

function writeLength(sink: AsciiSink, { fd, length, dlc }: CanFrame): void {
  if (fd) {
    sink.text('  [')
    sink.decimal(length, 2)
    return sink.byte(0x5d)
  }
  const isRaw = dlc > 8 && length === 8
  sink.text(isRaw ? '   {' : '   [')
  sink.hex(isRaw ? dlc : length, 1)
  sink.byte(isRaw ? 0x7d : 0x5d)
}
