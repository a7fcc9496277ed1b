import { AgentError } from 'sluice/plugin'

interface Cell {
  readonly text: string
  /** Where the delimiter, the line break or the end is. */
  readonly end: number
}

/** The rows of a text (RFC 4180, section 2); lines may end with a newline alone, and empty ones are no rows. */
export function* readRows(text: string, delimiter: string): Generator<readonly string[]> {
  for (let at = 0; at < text.length;) {
    if (breaksLine(text, at)) at += lineBreakLength(text, at)
    else {
      const row = readRow(text, at, delimiter)
      yield row.cells
      at = row.end + lineBreakLength(text, row.end)
    }
  }
}

function readRow(text: string, start: number, delimiter: string): { readonly cells: string[]; readonly end: number } {
  const cells: string[] = []
  for (let at = start; ; at++) {
    const { text: cell, end } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter)
    cells.push(cell)
    if (text[end] !== delimiter) {
      if (end < text.length && !breaksLine(text, end)) throw unexpected(text, end)
      return { cells, end }
    }
    at = end
  }
}

function plainCell(text: string, start: number, delimiter: string): Cell {
  let end = start
  while (end < text.length && text[end] !== delimiter && !breaksLine(text, end)) end++
  return { text: text.slice(start, end), end }
}

function quotedCell(text: string, start: number): Cell {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 2)) {
    if (text[end + 1] !== '"') return { text: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 }
  }
  throw new AgentError('CODEC_CSV_QUOTE', 'csv: expected a closing quote, got the end of the line')
}

function lineBreakLength(text: string, at: number): number {
  return text.startsWith('\r\n', at) ? 2 : 1
}

/** A carriage return breaks a line only before a newline or at the end. */
function breaksLine(text: string, at: number): boolean {
  return text[at] === '\n' || (text[at] === '\r' && (at + 1 === text.length || text[at + 1] === '\n'))
}

function unexpected(text: string, at: number): AgentError {
  const got = text.slice(at, at + 16)
  return new AgentError('CODEC_CSV_QUOTE', `csv: expected a delimiter or the end behind a closing quote, got "${got}"`)
}
