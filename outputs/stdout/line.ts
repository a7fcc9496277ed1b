/** What a piece of a line is, for its colour. */
export type Style = 'time' | 'tag' | 'key' | 'number' | 'text' | 'other' | 'gap'

/** A line in pieces, so that it can be cut and coloured without counting what does not show. */
export type Line = [style: Style, text: string][]

export interface Look {
  readonly colour: boolean
  /** Width of the terminal: lines are aligned and end there. Undefined where nobody watches. */
  readonly columns: number | undefined
}

/** ECMA-48, section 8.3.117 (SGR). */
const colours: { readonly [style in Style]: string | undefined } = {
  time: '90',
  tag: '36',
  key: '90',
  number: '33',
  text: '32',
  other: '35',
  gap: undefined,
}

export function paint(line: Line, look: Look): string {
  const pieces = look.columns === undefined ? line : cut(line, look.columns)
  return pieces.map(([style, text]) => (look.colour ? coloured(style, text) : text)).join('')
}

function coloured(style: Style, text: string): string {
  const colour = colours[style]
  return colour === undefined ? text : `\u001b[${colour}m${text}\u001b[0m`
}

/** The line within so many columns, with an ellipsis where something is left out. */
function cut(line: Line, columns: number): Line {
  const pieces: Line = []
  let left = columns
  for (const [index, [style, text]] of line.entries()) {
    const points = Array.from(text.slice(0, 2 * left))
    const more = index < line.length - 1
    if (points.length < left || (points.length === left && !more)) {
      pieces.push([style, text])
      left -= points.length
      continue
    }
    pieces.push([style, `${points.slice(0, Math.max(left - 1, 0)).join('')}…`])
    break
  }
  return pieces
}
