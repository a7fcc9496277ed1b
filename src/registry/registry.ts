import { existsSync, readdirSync } from 'node:fs'
import { didYouMean } from '../base/nearest.js'
import { instanceSchema } from '../config/instance-schema.js'
import type { OptionsReader } from '../config/lookup.js'
import type { Validate } from '../config/read-options.js'
import { serviceSchema } from '../config/service-options.js'
import { type PluginKind, pluginKinds } from '../plugin/define.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import type { Schema } from '../plugin/options.js'
import type { AnyDefinition, LoadedPlugin, LoadedPluginOf } from './plugin.js'

/** Where the folders of the plugins are: `inputs/`, `filters/`, `outputs/`, `codecs/`, `stages/` lie beside `src/`. */
const home = new URL('../../', import.meta.url)

/** The plugins there are of a kind: the names of their folders, sorted. */
export function names(kind: PluginKind): readonly string[] {
  const folder = new URL(`${kind}s/`, home)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => existsSync(new URL(`${name}/index.js`, folder)))
    .sort()
}

/** Every plugin there is: for schemas and documents, never for a start. */
export async function loadAll(): Promise<readonly LoadedPlugin[]> {
  const loading = pluginKinds.flatMap((kind) => names(kind).map((name) => load(kind, name)))
  return (await Promise.all(loading)) as LoadedPlugin[]
}

/** Imports one plugin. Throws an AgentError `PLUGIN_UNKNOWN` that names the nearest when there is none. */
export async function load<K extends PluginKind>(kind: K, name: string): Promise<LoadedPluginOf<K>> {
  const known = names(kind)
  if (!known.includes(name)) {
    const hint = didYouMean(name, known) || '; `sluice plugins` lists those there are'
    throw new AgentError('PLUGIN_UNKNOWN', `unknown ${kind} "${name}"${hint}`)
  }
  const folder = new URL(`${kind}s/${name}/`, home)
  const definition = await definitionIn(new URL('index.js', folder), `${kind} "${name}"`)
  if (!isOfKind(definition, kind)) {
    throw new AgentError(
      'PLUGIN_INVALID',
      `${kind} "${name}": expected a default export made with define…, of this kind`,
    )
  }
  const schema = instanceSchema(definition)
  return { name, kind, definition, schema, validate: await validatorOf(new URL('options.validate.js', folder), schema) }
}

async function definitionIn(module: URL, name: string): Promise<AnyDefinition | undefined> {
  try {
    return ((await import(module.href)) as { readonly default?: AnyDefinition }).default
  } catch (error) {
    throw new AgentError('PLUGIN_BROKEN', `${name} cannot be loaded: ${messageOf(error)}`, { cause: error })
  }
}

function isOfKind<K extends PluginKind>(
  definition: AnyDefinition | undefined,
  kind: K,
): definition is Extract<AnyDefinition, { readonly kind: K }> {
  return definition?.kind === kind
}

/** The validator compiled at build time; where there is none, one compiled now, which loads Ajv. */
export async function validatorOf(compiled: URL, schema: Schema): Promise<Validate> {
  try {
    return ((await import(compiled.href)) as { readonly default: Validate }).default
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error
    const { compileValidator } = await import('../config/ajv.js')
    return compileValidator(schema)
  }
}

/** The validator of `service`. */
export function serviceValidator(): Promise<Validate> {
  return validatorOf(new URL('src/config/service-options.validate.js', home), serviceSchema)
}

/** The reader of a server of `upstream_servers`. */
export async function nodeReader(): Promise<OptionsReader> {
  const { nodeSchema: schema } = await import('../config/node-options.js')
  return { schema, validate: await validatorOf(new URL('src/config/node-options.validate.js', home), schema) }
}

export async function serverReader(): Promise<OptionsReader> {
  const { serverSchema: schema } = await import('../config/server-options.js')
  return { schema, validate: await validatorOf(new URL('src/config/server-options.validate.js', home), schema) }
}
