import { AgentError, firstWord, Pattern, unquote } from 'sluice/plugin'
import { add, type Change, copy, move, remove, rename, set } from './changes.js'

/** Each reads one rule: a word, and what stands behind it. */
const ofTwo: { readonly [option: string]: (key: string, value: string) => Change } = {
  set,
  add,
  rename: (from, to) => rename(from, to, false),
  hard_rename: (from, to) => rename(from, to, true),
  copy: (from, to) => copy(from, to, false),
  hard_copy: (from, to) => copy(from, to, true),
}

const ofOne: { readonly [option: string]: (text: string) => Change } = {
  remove: (name) => remove((key) => key === name),
  remove_wildcard: (wildcard) => remove(beginsWith(wildcard)),
  remove_regex: (pattern) => remove(matching(pattern)),
  move_to_start: (wildcard) => move(beginsWith(wildcard), true),
  move_to_end: (wildcard) => move(beginsWith(wildcard), false),
}

/** The changes in the order in which the options first stand in the file; those of one option in their own order. */
export function readRules(options: { readonly [option: string]: unknown }): readonly Change[] {
  return Object.entries(options).flatMap(([option, rules]) => {
    if (!Array.isArray(rules) || (ofOne[option] ?? ofTwo[option]) === undefined) return []
    return rules.map((rule) => readRule(option, String(rule)))
  })
}

function readRule(option: string, text: string): Change {
  const { word, rest } = firstWord(text)
  const change = rest === '' ? ofOne[option]?.(unquote(word)) : ofTwo[option]?.(unquote(word), unquote(rest))
  if (change && word !== '') return change
  const expected = ofOne[option] ? 'one word, in quotes where it has blanks' : 'a field and what it is to be'
  throw new AgentError('FILTER_MODIFY_RULE', `${option}: expected ${expected}, got "${text}"`)
}

function beginsWith(wildcard: string): (key: string) => boolean {
  const beginning = wildcard.replace(/\*$/, '')
  return (key) => key.startsWith(beginning)
}

function matching(source: string): (key: string) => boolean {
  const pattern = new Pattern(source)
  return (key) => pattern.test(key)
}
