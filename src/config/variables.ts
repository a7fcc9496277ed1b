import { didYouMean } from '../base/nearest.js'
import { coreScalar } from './core-scalar.js'
import { type ConfigNode, type MapEntry, type Problem, problemAt, type ScalarNode } from './node.js'

export type Variables = { readonly [name: string]: string | undefined }

/** `$${` stands for a plain `${`; `${NAME}` and `${NAME:-fallback}` for a value; any other `${` is a mistake. */
const reference = /\$\$\{|\$\{([A-Za-z_][\w.]*)(?::-([^}]*))?\}|\$\{[^}]*\}?/g

export interface Expanded<T> {
  readonly value: T
  readonly problems: readonly Problem[]
}

/** Puts the values of variables into every scalar; what is written without quotes takes its type from the result. */
export function expandNode<N extends ConfigNode>(node: N, variables: Variables): Expanded<N> {
  const problems: Problem[] = []
  return { value: expand(node, variables, problems) as N, problems }
}

function expand(node: ConfigNode, variables: Variables, problems: Problem[]): ConfigNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => expand(item, variables, problems)) }
  if (node.kind === 'map') {
    const entries = node.entries.map((entry) => ({ ...entry, value: expand(entry.value, variables, problems) }))
    return { ...node, entries }
  }
  return node.text.includes('${') ? expandScalar(node, variables, problems) : node
}

function expandScalar(node: ScalarNode, variables: Variables, problems: Problem[]): ScalarNode {
  const before = problems.length
  const text = node.text.replace(reference, (whole: string, name: string | undefined, fallback: string | undefined) => {
    if (whole === '$${') return '${'
    const value = name === undefined ? undefined : (variables[name] ?? fallback)
    if (value === undefined) problems.push(problemAt(node.position, unsetMessage(whole, name, variables)))
    return value ?? ''
  })
  const unset = problems.length > before ? { unset: true as const } : {}
  return { ...node, text, value: node.plain ? coreScalar(text) : text, ...unset }
}

function unsetMessage(whole: string, name: string | undefined, variables: Variables): string {
  if (name === undefined)
    return `expected \${NAME} or \${NAME:-fallback}, got ${JSON.stringify(whole)}; write $\${ for a plain \${`
  const hint = didYouMean(name, Object.keys(variables))
  return `variable "${name}" is not set${hint || `; set it, or write \${${name}:-fallback}`}`
}

/** The variables that `env` defines, where the environment does not. Later entries may use earlier ones. */
export function withDefaults(environment: Variables, env: readonly MapEntry[]): Expanded<Variables> {
  const problems: Problem[] = []
  const variables: Record<string, string | undefined> = {}
  for (const { key, value } of env) {
    const expanded = expand(value, { ...variables, ...environment }, problems)
    if (expanded.kind === 'scalar') variables[key] = expanded.text
    else problems.push(problemAt(value.position, `env.${key}: expected text, got a ${value.kind}`))
  }
  return { value: { ...variables, ...environment }, problems }
}
