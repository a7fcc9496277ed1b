import type { CanFrame } from '../frame.js'
import type { AsciiSink } from './ascii-sink.js'
import type { LogPlace } from './channel-log.js'
import { trcDays } from './trc-header.js'

/** Writes the head of a TRC file of version 2.1 whose stamps count from a whole second. */
export function writeTrcHeader(sink: AsciiSink, start: number): void {
  sink.text(`;$FILEVERSION=2.1\r\n;$STARTTIME=${trcDays(start).toFixed(10)}\r\n;$COLUMNS=N,O,T,B,I,d,R,L,D\r\n`)
}

/** A line of a TRC file, to the microsecond. What is older than the start has its time; an error frame is no more than that. */
export function writeTrcLine(sink: AsciiSink, frame: CanFrame, { number, bus, start }: LogPlace): void {
  sink.blanks(7 - String(number).length)
  sink.decimal(number)
  writeStamp(sink, frame, start)
  sink.text(` ${typeOf(frame)} ${bus} `)
  if (frame.error) sink.text('       -')
  else writeIdentifier(sink, frame)
  sink.text(frame.sent ? ' Tx -  ' : ' Rx -  ')
  sink.decimal(frame.error ? 0 : frame.dlc)
  if (!frame.remote && !frame.error) sink.octets(frame.data, frame.length, ' ')
  sink.text('\r\n')
}

function writeStamp(sink: AsciiSink, { seconds, nanoseconds }: CanFrame, start: number): void {
  const micros = seconds < start ? 0 : (seconds - start) * 1e6 + Math.floor(nanoseconds / 1000)
  const whole = Math.floor(micros / 1000)
  sink.blanks(10 - String(whole).length)
  sink.decimal(whole)
  sink.byte(0x2e)
  sink.decimal(micros % 1000, 3)
}

function writeIdentifier(sink: AsciiSink, frame: CanFrame): void {
  if (!frame.extended) sink.blanks(4)
  sink.hex(frame.id, frame.extended ? 8 : 4)
}

function typeOf({ error, remote, fd, bitRateSwitch, errorState }: CanFrame): string {
  if (error) return 'ER'
  if (remote) return 'RR'
  if (!fd) return 'DT'
  if (bitRateSwitch) return errorState ? 'BI' : 'FB'
  return errorState ? 'FE' : 'FD'
}
