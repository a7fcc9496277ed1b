import { AgentError, firstWord, Pattern } from 'sluice/plugin'

export interface Rule {
  readonly pattern: Pattern
  /** With `$0` to `$9` for the whole match and the groups. */
  readonly path: string
  /** The same; undefined where the rule leaves the query as it is. */
  readonly query: string | undefined
}

/** A path of this server: `//host` would be one of another (RFC 3986, section 4.2). */
const target = /^(\/(?![/\\])[^\s#?\\]*)(?:\?([^\s#?]*))?$/

/** Rules as they stand in a file. Throws an AgentError REWRITE_RULE. */
export function readRules(texts: readonly string[]): readonly Rule[] {
  return texts.map((text) => {
    const { word: regex, rest: to } = firstWord(text)
    const found = target.exec(to)
    if (!found)
      throw new AgentError(
        'REWRITE_RULE',
        `rules: expected a regex and a path such as ^/old/(.*) /new/$1, got "${text}"`,
      )
    return { pattern: new Pattern(regex), path: found[1] ?? '', query: found[2] }
  })
}
