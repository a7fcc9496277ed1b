import type { PluginKind } from '../plugin/define.js'
import type { Schema } from '../plugin/options.js'
import type { LoadedPlugin } from '../registry/plugin.js'
import { serviceSchema } from './service-options.js'

/** A JSON Schema for editors (draft-07, which all of them know). */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** The schema of a whole YAML file, made of the declarations of these plugins. */
export function fileSchema(plugins: readonly LoadedPlugin[]): JsonSchema {
  const listOf = (kind: PluginKind): JsonSchema => ({ type: 'array', items: { $ref: `#/definitions/${kind}` } })
  const of = (kind: PluginKind): readonly LoadedPlugin[] => plugins.filter((plugin) => plugin.kind === kind)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A configuration of Sluice',
    type: 'object',
    additionalProperties: false,
    properties: {
      env: {
        description: 'Variables for `${NAME}`, where the environment does not set them.',
        type: ['object', 'array'],
      },
      includes: {
        description: 'More files, relative to this one; `*` stands for any name.',
        type: 'array',
        items: { type: 'string' },
      },
      service: { description: 'Settings of the agent as a whole.', ...serviceDefinition() },
      parsers: { description: 'Named formats of what inputs and filters read.', ...listOf('codec') },
      pipeline: {
        description: 'What is collected, changed and shipped.',
        type: 'object',
        additionalProperties: false,
        properties: { inputs: listOf('input'), filters: listOf('filter'), outputs: listOf('output') },
      },
    },
    definitions: {
      ...Object.assign({}, ...plugins.map((plugin) => ({ [refOf(plugin)]: instanceDefinition(plugin) }))),
      input: anyOf(of('input'), 'name'),
      filter: anyOf(of('filter'), 'name'),
      output: anyOf(of('output'), 'name'),
      codec: anyOf(of('codec'), 'format'),
    },
  }
}

function refOf({ kind, name }: LoadedPlugin): string {
  return `${kind}.${name}`
}

/** One of several plugins, told apart by the name it gives: editors follow `if` and `then` to that plugin's options. */
function anyOf(plugins: readonly LoadedPlugin[], key: 'name' | 'format'): JsonSchema {
  return {
    type: 'object',
    required: key === 'name' ? ['name'] : ['name', 'format'],
    properties: { [key]: { enum: plugins.map(({ name }) => name) } },
    allOf: plugins.map((plugin) => ({
      if: { properties: { [key]: { const: plugin.name } }, required: [key] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { $ref: `#/definitions/${refOf(plugin)}` },
    })),
  }
}

function instanceDefinition({ kind, name, definition, schema }: LoadedPlugin): JsonSchema {
  const own =
    kind === 'codec'
      ? { name: { description: 'Name of this parser.', type: 'string' }, format: { const: name } }
      : { name: { const: name } }
  return { description: definition.summary, ...optionsDefinition(schema, own) }
}

function serviceDefinition(): JsonSchema {
  const { grace } = serviceSchema.properties ?? {}
  const written = optionsDefinition(serviceSchema, {})
  const forever = {
    description: grace?.description,
    default: grace?.default,
    anyOf: [{ const: -1 }, editorOption(grace ?? {})],
  }
  return { ...written, properties: { ...(written['properties'] as JsonSchema), grace: forever } }
}

/** Every name that is accepted: options, their other names, and Fluent Bit's that are not used. */
function optionsDefinition(schema: Schema, own: JsonSchema): JsonSchema {
  const options = schema.properties ?? {}
  const properties: { [name: string]: unknown } = { ...own }
  for (const [name, note] of Object.entries(schema['x-ignored'] ?? {})) {
    if (!/[*=]/.test(name)) properties[name] = { description: `Not used: ${note}.`, deprecated: true }
  }
  for (const option of Object.values(options)) {
    for (const alias of option['x-aliases'] ?? []) properties[alias] = { ...editorOption(option), deprecated: true }
  }
  const interval = options['interval'] ? { interval_sec: { type: 'integer' }, interval_nsec: { type: 'integer' } } : {}
  const named = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, editorOption(option)]))
  return {
    type: 'object',
    additionalProperties: false,
    required: ['name', ...(schema.required ?? [])].filter((name) => name in own || isCertain(options[name])),
    properties: { ...properties, ...interval, ...groups(named), ...named },
    patternProperties: patternsOf(schema),
  }
}

/** An editor cannot know that another name stands for a required option. */
function isCertain(option: Schema | undefined): boolean {
  return option !== undefined && option['x-aliases'] === undefined
}

/** `storage.path` may be written as `storage: {path: …}`. */
function groups(named: JsonSchema): JsonSchema {
  const found: {
    [group: string]: { type: 'object'; additionalProperties: false; properties: { [name: string]: unknown } }
  } = {}
  for (const [name, option] of Object.entries(named)) {
    const [group = '', ...rest] = name.split('.')
    if (rest.length === 0 || group in named) continue
    found[group] ??= { type: 'object', additionalProperties: false, properties: {} }
    found[group].properties[rest.join('.')] = option
  }
  return found
}

/** Names of Fluent Bit that are not used, given by their beginning. */
function patternsOf(schema: Schema): JsonSchema {
  const stars = Object.entries(schema['x-ignored'] ?? {}).filter(([name]) => name.endsWith('*'))
  const values = Object.entries(schema['x-ignored'] ?? {}).filter(([name]) => name.includes('='))
  return Object.fromEntries([
    ...stars.map(([name, note]) => [
      `^${name.slice(0, -1).replaceAll('.', String.raw`\.`)}`,
      { description: `Not used: ${note}.` },
    ]),
    ...values.map(([name]) => [`^${name.slice(0, name.indexOf('=')).replaceAll('.', String.raw`\.`)}$`, {}]),
  ])
}

/** An option as an editor sees it: variables may stand for whatever is not any text. */
function editorOption(option: Schema): JsonSchema {
  const { description, default: fallback, ...rest } = option
  const known = Object.fromEntries(Object.entries(rest).filter(([keyword]) => !keyword.startsWith('x-')))
  const shown = {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  }
  const anyText = [option.type].flat().includes('string') && option.pattern === undefined && option.enum === undefined
  return anyText || option.type === undefined ? { ...shown, ...known } : { ...shown, anyOf: [known, variable] }
}

const variable = { type: 'string', pattern: String.raw`\$\{` }
