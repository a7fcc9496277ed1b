const simple: { readonly [letter: string]: string } = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '/': '/',
  '"': '"',
  "'": "'",
}

/** Text whose escapes of one letter, such as `\n`, are undone; others stay. */
export function unescapeSimple(text: string): string {
  return text.replaceAll(/\\(.)/gs, (whole, letter: string) => simple[letter] ?? whole)
}

/** Text whose escapes are undone: those of one letter, `\uHHHH`, `\xHH` and `\OOO`. Half a surrogate pair is U+FFFD. */
export function unescapeAll(text: string): string {
  const escape = /\\(?:(u[\da-f]{4}|x[\da-f]{2})|([0-7]{1,3})|(.))/gis
  const plain = text.replaceAll(escape, (whole, hex?: string, octal?: string, letter = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex.slice(1), 16))
    return octal === undefined ? (simple[letter] ?? whole) : String.fromCharCode(Number.parseInt(octal, 8))
  })
  return plain.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}

/** What a quoted string of MySQL holds; undefined where the text is not quoted. */
export function unquoteMysql(text: string): string | undefined {
  const inner = /^(["'])(.*)\1$/s.exec(text)?.[2]
  const letters: typeof simple = { n: '\n', r: '\r', t: '\t', b: '\b', 0: '\0', Z: '\u001A' }
  return inner?.replaceAll(/\\(.)/gs, (_, letter: string) => letters[letter] ?? letter)
}
