import type { Validate } from '../config/read-options.js'
import type { StageDefinition } from '../http/define-stage.js'
import type {
  CodecDefinition,
  Defined,
  FilterDefinition,
  InputDefinition,
  OutputDefinition,
  PluginKind,
} from '../plugin/define.js'
import type { Schema } from '../plugin/options.js'

export type AnyDefinition =
  | Defined<'input', InputDefinition>
  | Defined<'filter', FilterDefinition>
  | Defined<'output', OutputDefinition>
  | Defined<'codec', CodecDefinition>
  | Defined<'stage', StageDefinition>

/** A plugin of this kind, ready to read options and to be created. */
export interface LoadedPluginOf<K extends PluginKind> {
  readonly name: string
  readonly kind: K
  readonly definition: Extract<AnyDefinition, { readonly kind: K }>
  /** All options of an instance: the kind's and its own. */
  readonly schema: Schema
  readonly validate: Validate
}

export type LoadedPlugin = { readonly [K in PluginKind]: LoadedPluginOf<K> }[PluginKind]
