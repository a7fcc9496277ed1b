import { AgentError, type Event } from 'sluice/plugin'
import type { Rule } from './rules.js'

interface GrepSettings {
  readonly regex: readonly Rule[]
  readonly exclude: readonly Rule[]
  readonly op: 'legacy' | 'and' | 'or'
}

/** Whether an event stays. */
export function keeper({ regex, exclude, op }: GrepSettings): Rule {
  if (regex.length + exclude.length === 0) throw wrongRules('expected a rule in regex or exclude, got none')
  if (op === 'legacy') return (event) => every(regex, event) && !some(exclude, event)
  if (regex.length > 0 && exclude.length > 0) {
    throw wrongRules(`expected rules in one of regex and exclude with logical_op ${op}, got both; use two filters`)
  }
  const found = op === 'and' ? every : some
  return regex.length > 0 ? (event) => found(regex, event) : (event) => !found(exclude, event)
}

function every(rules: readonly Rule[], event: Event): boolean {
  for (const rule of rules) if (!rule(event)) return false
  return true
}

function some(rules: readonly Rule[], event: Event): boolean {
  for (const rule of rules) if (rule(event)) return true
  return false
}

function wrongRules(message: string): AgentError {
  return new AgentError('FILTER_GREP_RULES', message)
}
