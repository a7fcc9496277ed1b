import { compileValidator } from '../../src/config/ajv.js'
import { instanceSchema } from '../../src/config/instance-schema.js'
import type { Lookup } from '../../src/config/lookup.js'
import { nodeSchema } from '../../src/config/node-options.js'
import { serverSchema } from '../../src/config/server-options.js'
import { serviceSchema } from '../../src/config/service-options.js'
import { didYouMean } from '../../src/base/nearest.js'
import type { PluginKind } from '../../src/plugin/define.js'
import { AgentError } from '../../src/plugin/errors.js'
import type { AnyDefinition, LoadedPlugin, LoadedPluginOf } from '../../src/registry/plugin.js'

/** Compiled once: a property checks a thousand files. */
const service = compileValidator(serviceSchema)
const node = { schema: nodeSchema, validate: compileValidator(nodeSchema) }
const server = { schema: serverSchema, validate: compileValidator(serverSchema) }

/** A registry of these definitions. Names may be shared between kinds: write them `kind.name`. */
export function lookupOf(definitions: { readonly [kindAndName: string]: AnyDefinition }): Lookup {
  const plugins = Object.entries(definitions).map(([key, definition]) => loaded(key.split('.')[1] ?? key, definition))
  const names = (kind: PluginKind): string[] => plugins.filter((plugin) => plugin.kind === kind).map(({ name }) => name)
  return {
    names,
    nodeReader: () => Promise.resolve(node),
    serverReader: () => Promise.resolve(server),
    serviceValidator: () => Promise.resolve(service),
    load<K extends PluginKind>(kind: K, name: string): Promise<LoadedPluginOf<K>> {
      const plugin = plugins.find((one) => one.kind === kind && one.name === name)
      if (plugin) return Promise.resolve(plugin as unknown as LoadedPluginOf<K>)
      const message = `unknown ${kind} "${name}"${didYouMean(name, names(kind))}`
      return Promise.reject(new AgentError('PLUGIN_UNKNOWN', message))
    },
  }
}

export function loaded(name: string, definition: AnyDefinition): LoadedPlugin {
  const schema = instanceSchema(definition)
  return { name, kind: definition.kind, definition, schema, validate: compileValidator(schema) } as LoadedPlugin
}
