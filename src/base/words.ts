/** A blank outside quotes and subscripts ends a word: `$a['b c']` is one. */
const word = /^\s*((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[(?:'[^']*'|"[^"]*"|\d+)\]|\S)+)\s*/s

/** The first word of a text and what follows it; the word is empty where there is none. */
export function firstWord(text: string): { readonly word: string; readonly rest: string } {
  const found = word.exec(text)
  return found ? { word: found[1] ?? '', rest: text.slice(found[0].length).trimEnd() } : { word: '', rest: '' }
}

/** Text without the quotes around it, if it has any, and with `\"` and `\\` in them undone. */
export function unquote(text: string): string {
  const found = /^(["'])(.*)\1$/s.exec(text)
  return found ? (found[2] ?? '').replaceAll(/\\(["'\\])/g, '$1') : text
}
