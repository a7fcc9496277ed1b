import type { EventRecord } from 'sluice/plugin'

export interface Layout {
  readonly file: string
  readonly key: string
  readonly lines: number
  readonly split_line: boolean
  readonly add_path: boolean
}

/** How many lines are meant where lines are to be split and nobody said how many. */
const defaultLines = 10

export function linesOf({ lines, split_line }: Pick<Layout, 'lines' | 'split_line'>): number {
  return split_line && lines === 0 ? defaultLines : lines
}

/** Lines that the file does not have are empty fields, so that records of one instance all look alike. */
export function headRecord(text: string, layout: Layout): EventRecord {
  const path = layout.add_path ? { path: layout.file } : {}
  if (!layout.split_line) return { [layout.key]: text, ...path }
  const record: Record<string, string> = { ...path }
  const lines = text.split('\n')
  for (let index = 0; index < linesOf(layout); index++) record[`line${index}`] = lines[index] ?? ''
  return record
}
