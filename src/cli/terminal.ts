import { styleText } from 'node:util'

import type { Level } from '../observe/log.js'

/** Where a command writes: what it was asked for to `out`, all else to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Rows for people where a terminal shows them, else with a tab between cells for the next program. */
  outTable(rows: Rows): string
  errTable(rows: Rows): string
  /** Emphasis; plain text where nobody sees colours. */
  bold(text: string): string
  paint(level: Level, text: string): string
}

type Rows = readonly (readonly string[])[]

const colours = { error: 'red', warn: 'yellow', info: 'cyan', debug: 'gray' } as const

/** Whether there is a terminal is seen here: styleText by itself would look at standard output for both. */
const unasked = { validateStream: false } as const

export function terminalOf(out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  // NO_COLOR as of no-color.org: set and not empty.
  const plain = Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb'
  return {
    out: (text) => void out.write(`${text}\n`),
    err: (text) => void err.write(`${text}\n`),
    outTable: out.isTTY ? aligned : tabbed,
    errTable: err.isTTY ? aligned : tabbed,
    bold: (text) => (out.isTTY && !plain ? styleText('bold', text, unasked) : text),
    paint: (level, text) => (err.isTTY && !plain ? styleText(colours[level], text, unasked) : text),
  }
}

function tabbed(rows: Rows): string {
  return rows.map((row) => row.join('\t').trimEnd()).join('\n')
}

/** Columns that line up, two spaces apart; those whose cells are all numbers stand to the right. */
function aligned(rows: Rows): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const isNumeric = widths.map((_, column) => rows.slice(1).every((row) => /^\d+$/.test(row[column] ?? '')))
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0
    return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width)
  }
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}
