import {
  dateText,
  type EncodedEvents,
  type EventRecord,
  fieldText,
  type Formatter,
  readEvents,
  setField,
  type Value,
} from 'sluice/plugin'
import type { CsvSettings } from './settings.js'

/** Without columns in the settings, every piece begins with a line that names all fields that its events have. */
export function csvFormatter(settings: CsvSettings): Formatter {
  const { columns, delimiter } = settings
  return {
    contentType: columns ? 'text/csv; charset=utf-8; header=absent' : 'text/csv; charset=utf-8; header=present',
    format(chunks) {
      const records = recordsOf(chunks, settings)
      if (records.length === 0) return new Uint8Array()
      const names = columns ?? [...new Set(records.flatMap((record) => Object.keys(record)))]
      const rows = records.map((record) => names.map((name) => cellOf(record, name)))
      const written = columns ? rows : [names, ...rows]
      return Buffer.from(written.map((row) => `${rowText(row, delimiter)}\n`).join(''))
    },
  }
}

function recordsOf(chunks: readonly EncodedEvents[], { dateKey, dateFormat }: CsvSettings): EventRecord[] {
  const records: EventRecord[] = []
  for (const chunk of chunks) {
    for (const { time, record } of readEvents(chunk)) {
      const dated: Record<string, Value> = {}
      if (dateKey !== undefined) setField(dated, dateKey, dateText(time, dateFormat))
      for (const [key, value] of Object.entries(record)) setField(dated, key, value)
      records.push(dated)
    }
  }
  return records
}

function cellOf(record: EventRecord, name: string): string {
  return Object.hasOwn(record, name) ? fieldText(record[name] ?? null) : ''
}

function rowText(row: readonly string[], delimiter: string): string {
  const [only] = row
  // A row of one empty value would be an empty line, which is no row.
  if (row.length === 1 && only === '') return '""'
  return row.map((cell) => cellText(cell, delimiter)).join(delimiter)
}

function cellText(cell: string, delimiter: string): string {
  return /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell
}
