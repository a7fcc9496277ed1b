import type { PluginKind } from '../plugin/define.js'
import { durationPattern, flagPattern, type Schema, sizePattern } from '../plugin/options.js'
import { commonOptions } from './instance-schema.js'

export type JsonSchema = { readonly [keyword: string]: unknown }

interface Described {
  /** The name of this definition in the schema of the file. */
  readonly ref: string
  readonly schema: Schema
  /** Properties that stand for themselves; they go before the options of the schema. */
  readonly own: JsonSchema
  /** Whose common options may be referred to. */
  readonly kind?: PluginKind
}

/** A map of options as an editor sees it, with every name that is accepted: other names, groups, Fluent Bit's. */
export function optionsDefinition({ ref, schema, own, kind }: Described): JsonSchema {
  const options = schema.properties ?? {}
  const at = (name: string): JsonSchema => ({ $ref: `#/definitions/${ref}/properties/${name}` })
  const isCommon = (name: string): boolean => kind !== undefined && commonOptions[kind][name] === options[name]
  const described = Object.entries(options).map(([name, option]) => [
    name,
    isCommon(name) ? { $ref: `#/definitions/common.${kind}/${name}` } : editorOption(option),
  ])
  const aliases = Object.fromEntries(
    Object.entries(options).flatMap(([name, option]) =>
      (option['x-aliases'] ?? []).map((alias) => [alias, at(name)] as const),
    ),
  )
  const interval = options['interval'] ? { interval_sec: { type: 'integer' }, interval_nsec: { type: 'integer' } } : {}
  const required = (schema.required ?? []).filter((name) => options[name]?.['x-aliases'] === undefined)
  return {
    type: 'object',
    additionalProperties: false,
    required: ['name' in own ? ['name'] : [], required].flat(),
    properties: {
      ...aliases,
      ...interval,
      ...groups(Object.keys(options), at, aliases),
      ...Object.fromEntries(described),
      ...own,
    },
    patternProperties: { [ignoredPattern(schema)]: { $ref: '#/definitions/unused' } },
  }
}

/** `storage.path` may be written as `storage: {path: …}`; one option of a group may have the group's name for a short form. */
function groups(names: readonly string[], at: (name: string) => JsonSchema, aliases: JsonSchema): JsonSchema {
  const found: { [group: string]: { [name: string]: JsonSchema } } = {}
  for (const name of names) {
    const [group = '', ...rest] = name.split('.')
    if (rest.length > 0 && !names.includes(group)) found[group] = { ...found[group], [rest.join('.')]: at(name) }
  }
  const definition = (properties: JsonSchema): JsonSchema => ({
    type: 'object',
    additionalProperties: false,
    properties,
  })
  return Object.fromEntries(
    Object.entries(found).map(([group, properties]) => {
      const whole = definition(properties)
      return [group, group in aliases ? { anyOf: [aliases[group], whole] } : whole]
    }),
  )
}

/** Names of Fluent Bit that are accepted and are no option here. */
function ignoredPattern(schema: Schema): string {
  const options = Object.keys(schema.properties ?? {})
  const words = Object.keys(schema['x-ignored'] ?? {}).map((name) => name.split('=')[0] ?? '')
  const taken = (word: string): boolean =>
    word.endsWith('*') ? options.some((name) => name.startsWith(word.slice(0, -1))) : options.includes(word)
  const patterns = words
    .filter((word) => !taken(word))
    .map((word) => word.replaceAll('.', String.raw`\.`).replace(/\*$/, '.*'))
  return `^(${[...new Set(patterns)].join('|')})$`
}

/** What several options share. */
export function sharedDefinitions(): JsonSchema {
  const variable = { type: 'string', pattern: String.raw`\$\{` }
  const of = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, variable] })
  const common = Object.entries(commonOptions).map(([kind, options]) => {
    const described = Object.entries(options).map(([name, option]) => [name, editorOption(option)])
    return [`common.${kind}`, Object.fromEntries(described)]
  })
  return {
    ...Object.fromEntries(common),
    unused: { description: 'An option of Fluent Bit that is accepted and changes nothing.', deprecated: true },
    variable,
    duration: of({ type: ['string', 'number'], pattern: durationPattern }),
    size: of({ type: ['string', 'integer'], pattern: sizePattern }),
    flag: of({ type: ['boolean', 'string'], pattern: flagPattern }),
  }
}

const shared = ['duration', 'size', 'flag']

/** An option as an editor sees it: a variable may stand for whatever is not any text. */
function editorOption(option: Schema): JsonSchema {
  const { description, default: fallback, ...rest } = option
  const shown = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  }
  const unit = option['x-unit']
  // Other keywords beside `$ref` are not heeded in draft-07.
  if (unit !== undefined && shared.includes(unit)) return { ...shown, allOf: [{ $ref: `#/definitions/${unit}` }] }
  const known = Object.fromEntries(Object.entries(rest).filter(([keyword]) => !keyword.startsWith('x-')))
  const types = [option.type ?? []].flat()
  const anyText = types.includes('string') && option.pattern === undefined && option.enum === undefined
  const free = types.length === 0 || anyText
  return free ? { ...shown, ...known } : { ...shown, anyOf: [known, { $ref: '#/definitions/variable' }] }
}
