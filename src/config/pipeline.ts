import type { LoadedPluginOf } from '../registry/plugin.js'
import type { CheckedLane } from './lane-options.js'
import type { Position } from './node.js'
import type { ServerValues } from './server-options.js'
import type { ServiceSettings } from './service-options.js'

export type InstanceKind = 'input' | 'filter' | 'output' | 'stage'

/** One instance of a plugin. */
export interface Checked<K extends InstanceKind> {
  /** Its alias, or its plugin's name and a number, such as `cpu.0`. Unique among its kind. */
  readonly id: string
  /** Where it stands, for what `create` finds wrong. */
  readonly position?: Position
  readonly plugin: LoadedPluginOf<K>
  /** What `create` takes; an input's `tag` is always set. */
  readonly options: Parameters<LoadedPluginOf<K>['definition']['create']>[0]
}

export type CheckedInput = Checked<'input'>

/** A filter or an output, and the tags that it sees. */
export interface CheckedRoute<K extends 'filter' | 'output'> extends Checked<K> {
  readonly match: (tag: string) => boolean
}

export type CheckedStage = Checked<'stage'>

/** An HTTP server: a source of events, as an input is. */
export interface CheckedServer {
  /** Its alias, or `server.0` and so on. Unique among servers and inputs. */
  readonly id: string
  readonly position?: Position
  readonly options: ServerValues
  /** In the order in which they are asked. */
  readonly stages: readonly CheckedStage[]
}

/** A parser of the file's `parsers`. */
export interface CheckedParser {
  readonly name: string
  readonly codec: LoadedPluginOf<'codec'>
  /** What the codec's `create` takes, and the options of every parser. */
  readonly options: { readonly [option: string]: unknown }
  readonly position?: Position
}

/** A whole configuration without mistakes: plain data for the engine. */
export interface CheckedPipeline {
  readonly service: ServiceSettings
  /** The default lane first. */
  readonly lanes: readonly CheckedLane[]
  readonly parsers: readonly CheckedParser[]
  readonly servers: readonly CheckedServer[]
  readonly inputs: readonly CheckedInput[]
  readonly filters: readonly CheckedRoute<'filter'>[]
  readonly outputs: readonly CheckedRoute<'output'>[]
}

export type { CheckedLane, ServiceSettings }
