import {
  type Accessor,
  AgentError,
  compileAccessor,
  compileTemplate,
  firstWord,
  Pattern,
  type Template,
  unquote,
} from 'sluice/plugin'

export interface Rule {
  readonly read: Accessor
  readonly pattern: Pattern
  readonly tag: Template
  readonly keep: boolean
}

/** Of `$field pattern new.tag keep` the pattern may have blanks: the two last words are the tag and whether to keep. */
const behindField = /^(.+?)\s+(\S+)\s+(true|false|on|off|yes|no)$/is

export function readRule(text: string): Rule {
  const { word, rest } = firstWord(text)
  const read = compileAccessor(word)
  const [, pattern, tag, keep] = behindField.exec(rest) ?? []
  if (!read || pattern === undefined || tag === undefined || keep === undefined) {
    const message = `rule: expected "$field pattern new.tag keep" with true or false to keep, got "${text}"`
    throw new AgentError('FILTER_REWRITE_TAG_RULE', message)
  }
  return {
    read,
    pattern: new Pattern(unquote(pattern)),
    tag: compileTemplate(tag),
    keep: /^(true|on|yes)$/i.test(keep),
  }
}
