export interface Pattern {
  /** `*` stands for any run of characters, dots too. */
  readonly match?: string | undefined
  /** A regular expression that the start of the tag must fit. */
  readonly match_regex?: string | undefined
}

/** The tags that a route takes: those that fit either of its patterns. Throws a SyntaxError for a regular expression that is none. */
export function compilePattern({ match, match_regex: regex }: Pattern): (tag: string) => boolean {
  const tests = [...(match === undefined ? [] : [globTest(match)]), ...(regex === undefined ? [] : [regexTest(regex)])]
  const [only] = tests
  return tests.length === 1 && only ? only : (tag) => tests.some((test) => test(tag))
}

/** The parts between the stars, each found as early as it can be: no search goes back. */
function globTest(glob: string): (tag: string) => boolean {
  const [first = '', ...rest] = glob.split('*')
  const last = rest.pop()
  if (last === undefined) return (tag) => tag === glob
  return (tag) => {
    let at = first.length
    if (tag.length < at + last.length || !tag.startsWith(first) || !tag.endsWith(last)) return false
    for (const part of rest) {
      const found = tag.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return at <= tag.length - last.length
  }
}

function regexTest(source: string): (tag: string) => boolean {
  const regex = new RegExp(`^(?:${source})`)
  return (tag) => regex.test(tag)
}
