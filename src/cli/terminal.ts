import { styleText } from 'node:util'

import type { Level } from '../observe/log.js'

/** Where a command writes: what it was asked for to `out`, all else to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Emphasis; plain text where nobody sees colours. */
  bold(text: string): string
  paint(level: Level, text: string): string
}

const colours = { error: 'red', warn: 'yellow', info: 'cyan', debug: 'gray' } as const

export function terminalOf(out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const plain = Boolean(env['NO_COLOR'])
  return {
    out: (text) => void out.write(`${text}\n`),
    err: (text) => void err.write(`${text}\n`),
    bold: (text) => (out.isTTY && !plain ? styleText('bold', text) : text),
    paint: (level, text) => (err.isTTY && !plain ? styleText(colours[level], text) : text),
  }
}

/** Rows as columns that line up, two spaces apart; columns whose cells are all numbers stand to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const isNumeric = widths.map((_, column) => rows.slice(1).every((row) => /^\d+$/.test(row[column] ?? '')))
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0
    return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width)
  }
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}
