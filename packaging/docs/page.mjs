import { existsSync, readFileSync } from 'node:fs'

/** The text of a file with what stands between the marker lines `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
export function between(text, name, replacement) {
  const open = `<!-- ${name} -->`
  const close = `<!-- /${name} -->`
  const start = text.indexOf(open)
  const end = text.indexOf(close, start)
  if (start < 0 || end < 0) throw new Error(`expected the markers ${open} and ${close}`)
  return `${text.slice(0, start + open.length)}\n\n${replacement.trim()}\n\n${text.slice(end)}`
}

/** A page that exists, with one part of it made anew. */
export function filled(path, name, replacement) {
  if (!existsSync(path)) throw new Error(`${path}: expected this page, there is none`)
  try {
    return between(readFileSync(path, 'utf8'), name, replacement)
  } catch (error) {
    throw new Error(`${path}: ${error.message}`, { cause: error })
  }
}

/** A Markdown table. Bars and line breaks inside cells are escaped. */
export function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`).replaceAll('\n', '<br>')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Where a page on disk differs from what it should be, in one line; nothing where it does not. */
export function difference(path, expected) {
  if (!existsSync(path)) return `${path}: missing`
  const lines = readFileSync(path, 'utf8').split('\n')
  const wanted = expected.split('\n')
  const at = wanted.findIndex((line, index) => line !== lines[index])
  if (at < 0 && lines.length === wanted.length) return undefined
  const number = at < 0 ? wanted.length : at
  return `${path}:${number + 1}: expected "${wanted[number] ?? ''}", got "${lines[number] ?? ''}"`
}
