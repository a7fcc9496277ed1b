import { AgentError } from '../plugin/errors.js'

/** One word of a condition. `column` counts from 1. */
export interface Token {
  readonly kind: 'number' | 'text' | 'field' | 'word' | 'sign' | 'end'
  /** As it was written. */
  readonly source: string
  readonly column: number
}

/** Longest condition, in characters: more is no condition that a person wrote. */
export const longestCondition = 4096

const subscripts = String.raw`(?:\[(?:'[^']*'|"[^"]*"|\d+)\])`

/** In the order in which they are tried. What stands behind a `$` is an accessor of the house (src/event/accessor.ts). */
const forms: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /0[xX][\da-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['text', /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/sy],
  ['field', new RegExp(String.raw`\$(?:[\p{L}\p{N}_@-]+|(?=\[['"]))${subscripts}*`, 'uy')],
  ['field', new RegExp(String.raw`[\p{L}_][\p{L}\p{N}_.]*${subscripts}+`, 'uy')],
  ['word', /[\p{L}_][\p{L}\p{N}_.]*/uy],
  ['sign', /==|!=|<=|>=|=~|&&|\|\||[<>!+\-*/%()[\],]/y],
]

/** Cuts a condition into its words, the last of which is `end`. Throws `EXPRESSION_SYNTAX` where none begins. */
export function scan(text: string): readonly Token[] {
  if (text.length > longestCondition) {
    throw syntaxError(longestCondition + 1, `at most ${longestCondition} characters`, `${text.length}`)
  }
  const tokens: Token[] = []
  for (let at = skipBlanks(text, 0); at < text.length;) {
    const token = tokenAt(text, at)
    tokens.push(token)
    at = skipBlanks(text, at + token.source.length)
  }
  return [...tokens, { kind: 'end', source: '', column: text.length + 1 }]
}

export function syntaxError(column: number, expected: string, got: string): AgentError {
  return new AgentError('EXPRESSION_SYNTAX', `column ${column}: expected ${expected}, got ${got}`)
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, form] of forms) {
    form.lastIndex = at
    const [source] = form.exec(text) ?? []
    if (source !== undefined) return { kind, source, column: at + 1 }
  }
  const rest = text.slice(at)
  if (/^["']/.test(rest)) throw syntaxError(at + 1, `a closing ${text.charAt(at)}`, 'the end')
  if (rest.startsWith('=')) throw syntaxError(at + 1, '== or =~', '"="')
  throw syntaxError(at + 1, 'a value or an operator', `"${String.fromCodePoint(rest.codePointAt(0) ?? 0)}"`)
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (/\s/.test(text.charAt(at))) at++
  return at
}
