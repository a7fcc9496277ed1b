import { messageOf } from '../plugin/errors.js'
import { compilePattern, type Pattern } from '../route/pattern.js'
import { checkedInstance, type FoundInstance } from './check-instances.js'
import type { FoundServer } from './check-servers.js'
import { type Problem, problemAt } from './node.js'
import type { CheckedRoute } from './pipeline.js'
import { positionOf } from './raw-options.js'

export interface FoundPipeline {
  readonly inputs: readonly FoundInstance[]
  readonly servers: readonly FoundServer[]
  readonly filters: readonly FoundInstance[]
  readonly outputs: readonly FoundInstance[]
}

export interface CheckedRoutes {
  readonly filters: readonly CheckedRoute<'filter'>[]
  readonly outputs: readonly CheckedRoute<'output'>[]
}

type Match = (tag: string) => boolean
type Routed = FoundInstance & { readonly pattern: Pattern; readonly match: Match }

/** Which tags each filter and output sees; a pattern that no input's tag fits, and a tag that no output takes, are told. */
export function checkRoutes(found: FoundPipeline, problems: Problem[]): CheckedRoutes {
  const alone = found.inputs.length <= 1 && found.outputs.length === 1
  const filters = found.filters.flatMap((filter) => routed(filter, false, problems))
  const outputs = found.outputs.flatMap((output) => routed(output, alone, problems))
  const retags = found.filters.some(mayRetag)
  const sources = [...found.inputs, ...found.servers]
  const known = !retags && ![...found.inputs, ...found.servers.flatMap(({ stages }) => stages)].some(mayRetag)
  const unreached = [...filters, ...outputs].filter((route) => known && !isReached(route, sources))
  for (const route of unreached) problems.push(unreachedProblem(route, sources))
  // Where an output's pattern is wrong, that no output takes a tag may well be the same mistake.
  const all = outputs.length > 0 && outputs.length === found.outputs.length
  if (all && unreached.length === 0 && !retags) checkTaken(found.inputs, outputs, problems)
  const checked = <K extends 'filter' | 'output'>(routes: readonly Routed[]): CheckedRoute<K>[] =>
    routes.map((route) => ({ ...checkedInstance<K>(route), match: route.match }))
  return { filters: checked(filters), outputs: checked(outputs) }
}

/** A plugin that could not be loaded may do anything: its mistake is told once. */
function mayRetag({ plugin }: FoundInstance): boolean {
  return plugin === undefined || ('anyTag' in plugin.definition && plugin.definition.anyTag)
}

function routed(instance: FoundInstance, alone: boolean, problems: Problem[]): Routed[] {
  const { options, node, label } = instance
  const given: Pattern = { match: textIn(options, 'match'), match_regex: textIn(options, 'match_regex') }
  const missing = options['match'] === undefined && options['match_regex'] === undefined
  if (missing && !alone) {
    // Of a plugin that is unknown the options were not read, its pattern neither.
    if (instance.plugin)
      problems.push(problemAt(node.position, `${label}: "match" is missing; write match: "*" for every tag`))
    return []
  }
  const pattern = missing ? { match: '*' } : given
  try {
    return [{ ...instance, pattern, match: compilePattern(pattern) }]
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const message = `${label}.match_regex: expected a regular expression, got "${given.match_regex}"; ${messageOf(error)}`
    problems.push(problemAt(positionOf(node, ['match_regex']), message))
    return []
  }
}

function textIn(options: FoundInstance['options'], name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** Where events come from. */
type Source = Pick<FoundInstance, 'id' | 'options'>

function tagOf(input: Source): string {
  return textIn(input.options, 'tag') ?? input.id
}

function isReached({ pattern, match }: Routed, sources: readonly Source[]): boolean {
  return sources.length === 0 || sources.some((source) => couldMatch(tagOf(source), pattern, match))
}

function unreachedProblem({ pattern, node, label }: Routed, sources: readonly Source[]): Problem {
  const option = pattern.match === undefined ? 'match_regex' : 'match'
  const tags = sources.map((source) => `"${tagOf(source)}"`).join(', ')
  const message = `${label}.${option}: "${pattern[option]}" matches no tag; the tags are ${tags}`
  return problemAt(positionOf(node, [option]), message)
}

/** A tag with a star or a placeholder is known only up to it. */
function couldMatch(tag: string, { match: glob, match_regex: regex }: Pattern, match: Match): boolean {
  const open = tag.search(/[*$]/)
  if (open < 0) return match(tag)
  if (regex !== undefined || glob === undefined) return true
  const [start, fixed] = [tag.slice(0, open), glob.split('*', 1)[0] ?? '']
  return start.startsWith(fixed) || fixed.startsWith(start)
}

function checkTaken(inputs: readonly FoundInstance[], outputs: readonly Routed[], problems: Problem[]): void {
  for (const input of inputs) {
    const tag = tagOf(input)
    if (mayRetag(input) || outputs.some(({ pattern, match }) => couldMatch(tag, pattern, match))) continue
    const position = positionOf(input.node, ['tag'])
    problems.push(
      problemAt(position, `${input.label}.tag: no output takes "${tag}", so its events are dropped`, 'warning'),
    )
  }
}
