import type { CanFrame } from '../frame.js'
import type { AsciiSink } from './ascii-sink.js'

/**
 * Writes a frame as an adapter with slcan takes it, with its carriage return; see SlcanReader. Neither an error frame nor an error
 * passive sender has a form, and adapters know no data length code above 8 of classic frames.
 */
export function writeSlcan(sink: AsciiSink, frame: CanFrame): void {
  sink.byte(letterOf(frame))
  sink.hex(frame.id, frame.extended ? 8 : 3)
  sink.hex(frame.fd ? frame.dlc : frame.length, 1)
  if (!frame.remote) sink.octets(frame.data, frame.length, '')
  sink.byte(0x0d)
}

function letterOf(frame: CanFrame): number {
  const lower = frame.fd ? (frame.bitRateSwitch ? 0x62 : 0x64) : frame.remote ? 0x72 : 0x74
  return frame.extended ? lower & ~0x20 : lower
}
