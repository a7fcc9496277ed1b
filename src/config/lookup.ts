import type { PluginKind } from '../plugin/define.js'
import type { LoadedPluginOf } from '../registry/plugin.js'
import type { Problem } from './node.js'
import type { Validate } from './read-options.js'

/** Where plugins come from: the registry, or a test. */
export interface Lookup {
  names(kind: PluginKind): readonly string[]
  /** Throws an AgentError whose message names the plugin. */
  load<K extends PluginKind>(kind: K, name: string): Promise<LoadedPluginOf<K>>
  serviceValidator(): Promise<Validate>
}

/** What every part of a check works with. */
export interface Checking {
  readonly lookup: Lookup
  /** Grows while the check goes on. */
  readonly problems: Problem[]
}
