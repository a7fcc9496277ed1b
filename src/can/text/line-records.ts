import { AgentError } from '../../base/agent-error.js'
import type { EventTime } from '../../event/event-time.js'
import type { EventRecord } from '../../event/event.js'
import { emptyFrame } from '../frame.js'
import { frameRecord } from '../frame-record.js'
import { LineCutter } from './line-cutter.js'
import type { LineReader } from './line-reader.js'

/** A frame of a log; without a time where the line told none, or one that counts from an unknown moment. */
export interface LineRecord {
  readonly record: EventRecord
  readonly time?: EventTime
}

/** Reads lines of a log to records of frames; a line that cannot be read throws `CAN_LINE`. */
export function lineRecords(reader: LineReader, form: string): (bytes: Uint8Array) => readonly LineRecord[] {
  const frame = emptyFrame()
  const cutter = new LineCutter()
  return (text) => {
    const records: LineRecord[] = []
    const takeLine = (bytes: Uint8Array, start: number, end: number): void => {
      const kind = reader.read(bytes, start, end, frame)
      if (kind === 'bad') throw badLine(bytes.subarray(start, end), form)
      if (kind !== 'frame') return
      const record = frameRecord(frame, reader.bus)
      const { seconds, nanoseconds } = frame
      records.push(reader.timing === 'absolute' ? { record, time: { seconds, nanoseconds } } : { record })
    }
    cutter.push(text, takeLine)
    cutter.end(takeLine)
    if (cutter.tooLong > 0) throw badLine(text, form)
    return records
  }
}

function badLine(line: Uint8Array, form: string): AgentError {
  const shown = Buffer.from(line.subarray(0, 64)).toString()
  return new AgentError('CAN_LINE', `${form}: expected a frame of a CAN bus, got ${JSON.stringify(shown)}`)
}
