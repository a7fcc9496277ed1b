import { type PluginKind, pluginKinds } from '../plugin/define.js'
import type { Schema } from '../plugin/options.js'
import type { LoadedPlugin } from '../registry/plugin.js'
import { type JsonSchema, optionsDefinition, sharedDefinitions } from './schema-options.js'
import { nodeSchema } from './node-options.js'
import { serverSchema } from './server-options.js'
import { serviceSchema } from './service-options.js'

/** The schema of a whole YAML file, made of the declarations of these plugins, for editors (draft-07, which all know). */
export function fileSchema(plugins: readonly LoadedPlugin[]): JsonSchema {
  const sorted = [...plugins].sort((one, other) => (refOf(one) < refOf(other) ? -1 : 1))
  const listOf = (kind: PluginKind): JsonSchema => ({ type: 'array', items: { $ref: `#/definitions/${kind}` } })
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
        type: ['array', 'string'],
      },
      service: { description: 'Settings of the agent as a whole.', $ref: '#/definitions/service' },
      parsers: { description: 'Named formats of what inputs and filters read.', ...listOf('codec') },
      upstream_servers: {
        description: 'Groups of servers that outputs name with `upstream`.',
        type: 'array',
        items: { $ref: '#/definitions/upstream' },
      },
      http: {
        description: 'Servers of HTTP: what they listen on, and the stages of a request.',
        type: 'array',
        items: { $ref: '#/definitions/server' },
      },
      pipeline: {
        description: 'What is collected, changed and shipped.',
        type: 'object',
        additionalProperties: false,
        properties: { inputs: listOf('input'), filters: listOf('filter'), outputs: listOf('output') },
      },
    },
    definitions: {
      service: serviceDefinition(),
      server: serverDefinition(),
      upstream: upstreamDefinition(),
      ...Object.fromEntries(pluginKinds.map((kind) => [kind, oneOfKind(sorted, kind)])),
      ...Object.fromEntries(sorted.map((plugin) => [refOf(plugin), instanceDefinition(plugin)])),
      ...sharedDefinitions(),
    },
  }
}

function refOf({ kind, name }: LoadedPlugin): string {
  return `${kind}.${name}`
}

/** One of several plugins, told apart by the name it gives: editors follow `if` and `then` to that plugin's options. */
function oneOfKind(plugins: readonly LoadedPlugin[], kind: PluginKind): JsonSchema {
  const key = kind === 'codec' ? 'format' : 'name'
  const found = plugins.filter((plugin) => plugin.kind === kind)
  // An empty list of words would be no schema.
  if (found.length === 0) return { type: 'object' }
  return {
    type: 'object',
    required: kind === 'codec' ? ['name', 'format'] : ['name'],
    properties: { [key]: { enum: found.map(({ name }) => name) } },
    allOf: found.map((plugin) => ({
      if: { properties: { [key]: { const: plugin.name } }, required: [key] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { $ref: `#/definitions/${refOf(plugin)}` },
    })),
  }
}

function instanceDefinition(plugin: LoadedPlugin): JsonSchema {
  const { kind, name, definition, schema } = plugin
  const parserName = { description: 'Name of this parser.', type: 'string' }
  const own = kind === 'codec' ? { name: parserName, format: { const: name } } : { name: { const: name } }
  return { description: definition.summary, ...optionsDefinition({ ref: refOf(plugin), schema, own, kind }) }
}

function serviceDefinition(): JsonSchema {
  const grace: Schema | undefined = serviceSchema.properties?.['grace']
  const { description, default: fallback } = grace ?? {}
  const forever = { description, default: fallback, anyOf: [{ const: -1 }, { $ref: '#/definitions/duration' }] }
  return optionsDefinition({ ref: 'service', schema: serviceSchema, own: { grace: forever } })
}

function serverDefinition(): JsonSchema {
  const stages = {
    description: 'Asked in this order.',
    type: 'array',
    minItems: 1,
    items: { $ref: '#/definitions/stage' },
  }
  return { ...optionsDefinition({ ref: 'server', schema: serverSchema, own: { stages } }), required: ['stages'] }
}

function upstreamDefinition(): JsonSchema {
  const node = optionsDefinition({ ref: 'upstream', schema: nodeSchema, own: {} })
  const nodes = {
    description: 'The servers; each may have options of the outputs of its own, such as `port`, `tls` or `shared_key`.',
    type: 'array',
    minItems: 1,
    items: { ...node, additionalProperties: true },
  }
  return {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'nodes'],
    properties: { name: { description: 'Name of this group.', type: 'string' }, nodes },
  }
}
