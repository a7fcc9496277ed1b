import { AgentError, type EventRecord, numberEvents, type Parsed, setField, type Value } from 'sluice/plugin'
import { readRows } from './rows.js'
import type { CsvSettings } from './settings.js'

type Row = readonly string[]

/**
 * Parses one stream, whose first row names the columns unless the settings do. That row again is how the next file of a stream begins.
 * Throws a ParseError at the first row that is wrong.
 */
export function csvParser({ columns, delimiter }: CsvSettings): (frame: Uint8Array) => readonly Parsed[] {
  let header: Row | undefined
  let names = columns
  function* eventsIn(rows: Iterable<Row>): Iterable<Parsed> {
    for (const row of rows) {
      if (!names) {
        header = row.map((name, index) => (index === 0 ? name.replace(/^\u{feff}/u, '') : name))
        names = unique(header)
      } else if (!header || !isSame(row, header)) yield { record: recordOf(names, row) }
    }
  }
  return (frame) => {
    const text = Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString()
    return [...numberEvents(eventsIn(readRows(text, delimiter)))]
  }
}

function recordOf(names: Row, row: Row): EventRecord {
  if (row.length > names.length) {
    const message = `csv: expected at most ${names.length} values, got ${row.length}; name all columns in columns`
    throw new AgentError('CODEC_CSV_VALUES', message)
  }
  const record: Record<string, Value> = {}
  for (const [index, value] of row.entries()) setField(record, names[index] ?? '', value)
  return record
}

/** Columns of one name would take each other's values: the second is `name_2`. */
function unique(names: Row): Row {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}_${count}`
  })
}

function isSame(row: Row, other: Row): boolean {
  return row.length === other.length && row.every((cell, index) => cell === other[index])
}
