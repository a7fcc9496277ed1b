import { didYouMean } from '../base/nearest.js'
import { ownOf } from '../base/own.js'
import { formerCodecs, type FoundParsers } from './check-parsers.js'
import type { FoundInstance } from './check-instances.js'
import { type Problem, problemAt } from './node.js'
import { positionOf } from './raw-options.js'

interface References extends FoundParsers {
  readonly codecs: readonly string[]
}

/**
 * Options that name a parser or a format: there must be one. Former names of codecs become their own. Answers whether all that
 * are named can be had, which a parser with mistakes cannot.
 */
export function checkReferences(
  { plugin, options, node, label }: FoundInstance,
  { names, checked, codecs }: References,
  problems: Problem[],
): boolean {
  const had = new Set([...checked.map(({ name }) => name), ...codecs])
  let canBeHad = true
  for (const [option, schema] of Object.entries(plugin?.schema.properties ?? {})) {
    const refers = schema['x-refers']
    const value = options[option]
    if (refers === undefined || refers === 'upstream' || value === undefined) continue
    const known = refers === 'parser' ? [...names, ...codecs] : codecs
    const rename = (name: unknown): unknown => {
      if (typeof name !== 'string') return name
      const found = [name, ownOf(formerCodecs, name)].find((each) => each !== undefined && known.includes(each))
      const message = `${label}.${option}: ${unknownMessage(refers, name, known)}`
      if (found === undefined) problems.push(problemAt(positionOf(node, [option]), message))
      if (found === undefined || !had.has(found)) canBeHad = false
      return found
    }
    options[option] = Array.isArray(value) ? value.map(rename) : rename(value)
  }
  return canBeHad
}

function unknownMessage(refers: string, value: string, known: readonly string[]): string {
  return `unknown ${refers} "${value}"${didYouMean(value, known) || `; there are ${known.join(', ')}`}`
}
