const letters: { readonly [char: string]: string } = { '\t': 't', '\n': 'n', '\r': 'r', '\\': '\\' }
const chars: { readonly [letter: string]: string } = { t: '\t', n: '\n', r: '\r', '\\': '\\' }

export function escapeValue(text: string): string {
  return text.replaceAll(/[\t\n\r\\]/g, (char) => `\\${letters[char]}`)
}

/** A backslash before any other character is itself. */
export function unescapeValue(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\([tnr\\])/g, (_, letter: string) => chars[letter] ?? letter) : text
}
