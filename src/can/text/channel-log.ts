import type { EncodedEvents, Event, Value } from '../../event/event.js'
import type { Formatter, Refuse } from '../../plugin/context.js'
import { refuseBatch } from '../../plugin/refuse-batch.js'
import { writeEach } from '../../plugin/write-each.js'
import { type CanFrame, emptyFrame } from '../frame.js'
import { readFrameRecord } from '../read-frame-record.js'
import { AsciiSink } from './ascii-sink.js'

/** A form of logs whose head has the time that stamps count from, and whose buses are numbered channels. */
export interface ChannelLog {
  head(sink: AsciiSink, start: number): void
  line(sink: AsciiSink, frame: CanFrame, place: LogPlace): void
}

export interface LogPlace {
  /** Number of the line, from 1. */
  readonly number: number
  /** Number of the channel, from 1. */
  readonly bus: number
  /** Second that stamps count from. */
  readonly start: number
}

/** The last channel that such forms have. */
const lastChannel = 255

/**
 * A head and a line for each event, or the lines alone where a file has its head already. All stamps of one formatter count from the
 * same second, that of the first event: so a file goes on as it began, and one that takes its place begins with the same date.
 */
export function channelLogFormatter(log: ChannelLog, channels: readonly string[]): Formatter {
  const frame = emptyFrame()
  const channelOf = channelNumbers(channels)
  let start: number | undefined
  let number = 0
  const lines = (sink: AsciiSink, chunks: readonly EncodedEvents[], refuse: Refuse): void => {
    writeEach(chunks, refuse, (event) => {
      const problem = readEvent(event, frame)
      if (problem !== undefined) return problem
      start ??= frame.seconds
      log.line(sink, frame, { number: ++number, bus: channelOf(event.record['bus'] ?? ''), start })
      return undefined
    })
  }
  return {
    contentType: 'text/plain; charset=utf-8',
    more(chunks, refuse = refuseBatch) {
      const sink = new AsciiSink()
      lines(sink, chunks, refuse)
      return sink.take()
    },
    format(chunks, refuse = refuseBatch) {
      const below = new AsciiSink()
      number = 0
      lines(below, chunks, refuse)
      if (start === undefined || below.size === 0) return new Uint8Array()
      const sink = new AsciiSink()
      log.head(sink, start)
      return Buffer.concat([sink.peek(), below.peek()])
    },
  }
}

function readEvent({ record, time }: Event, frame: CanFrame): string | undefined {
  const problem = readFrameRecord(record, frame)
  frame.seconds = time.seconds
  frame.nanoseconds = time.nanoseconds
  return problem
}

/** The place of a bus among those that are named, else the number at the end of its name, which counts from 0. */
function channelNumbers(channels: readonly string[]): (bus: Value) => number {
  return (bus) => {
    const named = channels.findIndex((channel) => channel === bus)
    if (named >= 0) return named + 1
    const number = typeof bus === 'string' ? /\d+$/.exec(bus)?.[0] : undefined
    return Math.min(Number(number ?? 0) + 1, lastChannel)
  }
}
