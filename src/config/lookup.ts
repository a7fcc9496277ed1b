import type { PluginKind } from '../plugin/define.js'
import type { LoadedPluginOf } from '../registry/plugin.js'
import type { Schema } from '../plugin/options.js'
import type { Problem } from './node.js'
import type { Validate } from './read-options.js'

/** What it takes to read a set of options. */
export interface OptionsReader {
  readonly schema: Schema
  readonly validate: Validate
}

/** Where plugins come from: the registry, or a test. */
export interface Lookup {
  names(kind: PluginKind): readonly string[]
  /** Throws an AgentError whose message names the plugin. */
  load<K extends PluginKind>(kind: K, name: string): Promise<LoadedPluginOf<K>>
  serviceValidator(): Promise<Validate>
  /** For the options of an HTTP server, which are loaded where there is one. */
  serverReader(): Promise<OptionsReader>
  /** For what is said of a server of `upstream_servers`, loaded where there is one. */
  nodeReader(): Promise<OptionsReader>
}

/** What every part of a check works with. */
export interface Checking {
  readonly lookup: Lookup
  /** Grows while the check goes on. */
  readonly problems: Problem[]
}
