import assert from 'node:assert/strict'
import { EntryWriter } from '../../src/event/entry-writer.js'
import type { EventTime } from '../../src/event/event-time.js'
import { jsonRecords } from '../../src/event/json-records.js'
import { readJson } from '../../src/event/json-reader.js'

/** What becomes of a body: its entries in hexadecimal and how many they are, or neither where it is refused. */
export interface Outcome {
  readonly entries?: string
  readonly count?: number
}

export const refused: Outcome = {}

/** What is made of JSON texts with an object for each event. */
export function byObjects(texts: readonly Uint8Array[], time: EventTime): Outcome {
  const writer = new EntryWriter()
  let count = 0
  try {
    for (const { record, time: own = time } of texts.flatMap((text) => jsonRecords(readJson(text)))) {
      writer.writeEvent(own.seconds, own.nanoseconds, record)
      count++
    }
  } catch {
    return refused
  }
  return { entries: Buffer.from(writer.peek()).toString('hex'), count }
}

/** What comes to stand behind what the writer had already. */
export function written(writer: EntryWriter, write: () => number): Outcome {
  writer.clear()
  writer.append(Buffer.from('before'))
  const { size } = writer
  try {
    const count = write()
    return { entries: Buffer.from(writer.peek().subarray(size)).toString('hex'), count }
  } catch (error) {
    assert.equal(Buffer.from(writer.peek()).toString(), 'before', 'nothing of a refused body stays')
    assert.match((error as { code?: string }).code ?? String(error), /^EVENT_(NOT_JSON|NO_RECORD|TOO_DEEP)$/)
    return refused
  }
}

/** Lines that have more than blanks in them. */
export function linesOf(body: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start <= body.length;) {
    const end = body.indexOf(0x0a, start)
    const line = body.subarray(start, end < 0 ? body.length : end)
    if (line.some((byte) => byte > 0x20)) lines.push(line)
    start += line.length + 1
  }
  return lines
}
