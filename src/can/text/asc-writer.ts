import type { CanFrame } from '../frame.js'
import type { AsciiSink } from './ascii-sink.js'
import { civilTimeOf } from './local-time.js'

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Flags of a line with CANFD, as in asc-frame.ts. */
const fdFlag = 0x1000
const bitRateSwitchFlag = 0x2000
const errorStateFlag = 0x4000

/** Writes the head of an ASC file whose stamps count from a whole second, with its date in the zone of this machine. */
export function writeAscHeader(sink: AsciiSink, start: number): void {
  const { year, month, day, hour, minute, second } = civilTimeOf(start)
  const time = [hour % 12 || 12, minute, second].map((part) => String(part).padStart(2, '0')).join(':')
  const weekday = days[new Date(year, month - 1, day).getDay()]
  sink.text(`date ${weekday} ${months[month - 1]} ${day} ${time}.000 ${hour < 12 ? 'am' : 'pm'} ${year}\n`)
  sink.text('base hex  timestamps absolute\nno internal events logged\n')
}

/**
 * Writes a frame as a line of an ASC file, as log2asc of can-utils does, to the microsecond. What is older than the start has its
 * time: the format knows no other. An error frame is no more than that.
 */
export function writeAscLine(sink: AsciiSink, frame: CanFrame, channel: number, start: number): void {
  writeStamp(sink, frame, start)
  if (frame.fd) writeFd(sink, frame, channel)
  else writeClassic(sink, frame, channel)
  sink.byte(0x0a)
}

function writeStamp(sink: AsciiSink, { seconds, nanoseconds }: CanFrame, start: number): void {
  const isBefore = seconds < start
  const whole = isBefore ? 0 : seconds - start
  sink.blanks(4 - String(whole).length)
  sink.decimal(whole)
  sink.byte(0x2e)
  sink.decimal(isBefore ? 0 : Math.floor(nanoseconds / 1000), 6)
  sink.byte(0x20)
}

function writeClassic(sink: AsciiSink, frame: CanFrame, channel: number): void {
  sink.decimal(channel)
  sink.blanks(channel < 10 ? 2 : 1)
  if (frame.error) return sink.text('ErrorFrame')
  sink.blanks(15 - writeIdentifier(sink, frame))
  sink.text(frame.sent ? ' Tx   ' : ' Rx   ')
  sink.text(frame.remote ? 'r ' : 'd ')
  sink.hex(frame.dlc, 1)
  if (!frame.remote) sink.octets(frame.data, frame.length, ' ')
}

/** The duration and the count of bits of a frame are not known; they are those of log2asc. */
function writeFd(sink: AsciiSink, frame: CanFrame, channel: number): void {
  sink.text('CANFD ')
  sink.blanks(3 - String(channel).length)
  sink.decimal(channel)
  sink.text(frame.sent ? ' Tx   ' : ' Rx   ')
  sink.blanks(44 - writeIdentifier(sink, frame))
  sink.text(frame.bitRateSwitch ? '1 ' : '0 ')
  sink.text(frame.errorState ? '1 ' : '0 ')
  sink.hex(frame.dlc, 1)
  sink.text(frame.length < 10 ? '  ' : ' ')
  sink.decimal(frame.length)
  sink.octets(frame.data, frame.length, ' ')
  sink.text('   130000  130 ')
  sink.shortHex(fdFlag | (frame.bitRateSwitch ? bitRateSwitchFlag : 0) | (frame.errorState ? errorStateFlag : 0))
  sink.text(' 0 0 0 0 0')
}

/** Answers how many characters it has. */
function writeIdentifier(sink: AsciiSink, frame: CanFrame): number {
  const width = sink.shortHex(frame.id)
  if (!frame.extended) return width
  sink.byte(0x78)
  return width + 1
}
