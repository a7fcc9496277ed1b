import type { CheckedPipeline } from '../../src/config/pipeline.js'
import { compileValidator } from '../../src/config/ajv.js'
import { checkLanes } from '../../src/config/check-lanes.js'
import { emptyDocument } from '../../src/config/document.js'
import { instanceSchema } from '../../src/config/instance-schema.js'
import { readOptions } from '../../src/config/read-options.js'
import { serverOptions } from '../../src/config/server-options.js'
import { type ServiceSettings, serviceSchema } from '../../src/config/service-options.js'
import type { PluginKind } from '../../src/plugin/define.js'
import type { AnyDefinition, LoadedPluginOf } from '../../src/registry/plugin.js'
import { optionsOf, valuesOf } from './options.js'

type Raw = { readonly [option: string]: unknown }
type Instance<K extends PluginKind> = readonly [id: string, definition: DefinitionOf<K>, raw?: Raw]
type DefinitionOf<K extends PluginKind> = Extract<AnyDefinition, { readonly kind: K }>

export interface Server {
  readonly id: string
  readonly options?: Raw
  readonly stages: readonly Instance<'stage'>[]
}

export interface Instances {
  readonly service?: Raw
  readonly servers?: readonly Server[]
  readonly inputs?: readonly Instance<'input'>[]
  readonly filters?: readonly Instance<'filter'>[]
  readonly outputs?: readonly Instance<'output'>[]
}

/** A checked pipeline of definitions that a test makes. An instance sees all tags unless its options have a `match`. */
export function pipelineOf({
  service = {},
  servers = [],
  inputs = [],
  filters = [],
  outputs = [],
}: Instances): CheckedPipeline {
  const settings = readOptions(serviceSchema, service, compileValidator(serviceSchema)).values as ServiceSettings
  return {
    service: settings,
    lanes: checkLanes({ document: emptyDocument({ file: 'test' }), service: settings, inputs: [] }, []),
    parsers: [],
    servers: servers.map(({ id, options, stages }) => ({
      id,
      options: { ...valuesOf(serverOptions, options), tag: id },
      stages: stages.map(([name, definition, raw]) => {
        return { id: name, plugin: loaded('stage', name, definition), options: optionsOf(definition, raw) }
      }),
    })),
    inputs: inputs.map(([id, definition, raw = {}]) => {
      const options = optionsOf(definition, { tag: id, ...raw })
      return { id, plugin: loaded('input', id, definition), options }
    }),
    filters: filters.map(([id, definition, raw = {}]) => {
      return { id, plugin: loaded('filter', id, definition), options: optionsOf(definition, raw), match: matches(raw) }
    }),
    outputs: outputs.map(([id, definition, raw = {}]) => {
      return { id, plugin: loaded('output', id, definition), options: optionsOf(definition, raw), match: matches(raw) }
    }),
  }
}

const matches =
  ({ match }: Raw) =>
  (tag: string): boolean =>
    match === undefined || tag === match

function loaded<K extends PluginKind>(kind: K, name: string, definition: DefinitionOf<K>): LoadedPluginOf<K> {
  const schema = instanceSchema(definition)
  return { name, kind, definition, schema, validate: compileValidator(schema) }
}
