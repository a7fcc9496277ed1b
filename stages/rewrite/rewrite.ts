import { hasDotSegment, HttpError, normalPath, type Stage } from 'sluice/http'

import type { Rule } from './rules.js'

interface Target {
  readonly path: string
  readonly query: string
}

/** Each request is rewritten once at most, so that no rules can go round and round. */
export function rewrite(rules: readonly Rule[]): Stage {
  return {
    onRequest(exchange) {
      const target = rewritten(rules, exchange)
      if (!target) return false
      if (hasDotSegment(target.path))
        throw new HttpError(400, 'path: expected none that comes to have . or .. in it', { reason: 'bad_path' })
      exchange.path = target.path
      exchange.query = target.query
      return false
    },
  }
}

/** What the first rule that matches makes of a request; undefined where none does. */
export function rewritten(rules: readonly Rule[], { path, query }: Target): Target | undefined {
  const normal = normalPath(path)
  for (const rule of rules) {
    const captures = rule.pattern.captures(normal)
    if (captures) return { path: oneSlash(filled(rule.path, captures)), query: queryOf(rule, captures, query) }
  }
  return undefined
}

/** A rule's query goes before the client's. */
function queryOf(rule: Rule, captures: readonly (string | undefined)[], query: string): string {
  if (rule.query === undefined) return query
  return [filled(rule.query, captures), query].filter((part) => part !== '').join('&')
}

function filled(template: string, captures: readonly (string | undefined)[]): string {
  return template.replaceAll(/\$(\d)/g, (_, digit: string) => captures[Number(digit)] ?? '')
}

/** What stages behind make of it may be an address, where two slashes begin the name of a host (RFC 3986, section 4.2). */
function oneSlash(path: string): string {
  return path.replace(/^\/{2,}/, '/')
}
