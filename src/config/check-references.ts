import { didYouMean } from '../base/nearest.js'
import { ownOf } from '../base/own.js'
import type { Schema } from '../plugin/options.js'
import { formerCodecs, type FoundParsers } from './check-parsers.js'
import type { FoundInstance } from './check-instances.js'
import { type Problem, problemAt } from './node.js'
import { labelOf, positionOf } from './raw-options.js'

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
  for (const { refers, values, path } of referencesIn(plugin?.schema.properties ?? {}, options, [])) {
    const option = path.at(-1) as string
    const value = values[option]
    const known = refers === 'parser' ? [...names, ...codecs] : codecs
    const rename = (name: unknown): unknown => {
      if (typeof name !== 'string') return name
      const found = [name, ownOf(formerCodecs, name)].find((each) => each !== undefined && known.includes(each))
      const message = `${labelOf(label, path)}: ${unknownMessage(refers, name, known)}`
      if (found === undefined) problems.push(problemAt(positionOf(node, path), message))
      if (found === undefined || !had.has(found)) canBeHad = false
      return found
    }
    values[option] = Array.isArray(value) ? value.map(rename) : rename(value)
  }
  return canBeHad
}

type Path = readonly (string | number)[]
type Values = { [option: string]: unknown }

interface Reference {
  readonly refers: 'parser' | 'format'
  /** The set of options that it is one of, and where that option stands. */
  readonly values: Values
  readonly path: Path
}

/** What names a parser or a format, in lists of sets of options too. */
function* referencesIn(schemas: NonNullable<Schema['properties']>, values: Values, above: Path): Iterable<Reference> {
  for (const [option, schema] of Object.entries(schemas)) {
    const refers = schema['x-refers']
    const value = values[option]
    const path = [...above, option]
    if (value === undefined || refers === 'upstream') continue
    if (refers !== undefined) yield { refers, values, path }
    else if (Array.isArray(value) && schema.items?.properties) {
      for (const [at, each] of value.entries())
        yield* referencesIn(schema.items.properties, each as Values, [...path, at])
    }
  }
}

function unknownMessage(refers: string, value: string, known: readonly string[]): string {
  return `unknown ${refers} "${value}"${didYouMean(value, known) || `; there are ${known.join(', ')}`}`
}
