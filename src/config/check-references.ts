import { didYouMean } from '../base/nearest.js'
import { formerCodecs } from './check-parsers.js'
import type { FoundInstance } from './check-instances.js'
import { type Problem, problemAt } from './node.js'
import { positionOf } from './raw-options.js'

interface Names {
  readonly parsers: readonly string[]
  readonly codecs: readonly string[]
}

/** Options that name a parser or a format: there must be one. Former names of codecs become their own. */
export function checkReferences(
  { plugin, options, node, label }: FoundInstance,
  names: Names,
  problems: Problem[],
): void {
  for (const [option, schema] of Object.entries(plugin?.schema.properties ?? {})) {
    const refers = schema['x-refers']
    const value = options[option]
    if (refers === undefined || typeof value !== 'string') continue
    const known = refers === 'parser' ? [...names.parsers, ...names.codecs] : names.codecs
    const former = formerCodecs[value]
    if (known.includes(value)) continue
    if (former !== undefined && known.includes(former)) options[option] = former
    else {
      const hint = didYouMean(value, known) || `; there are ${known.join(', ')}`
      problems.push(problemAt(positionOf(node, [option]), `${label}.${option}: unknown ${refers} "${value}"${hint}`))
    }
  }
}
