import type { stageOptions } from '../plugin/common-options.js'
import type { InputContext } from '../plugin/context.js'
import type { Defined, Definition } from '../plugin/define.js'
import type { Latest } from '../plugin/latest.js'
import type { Options, ValuesOf } from '../plugin/options.js'
import type { Stage } from './stage.js'

/** What a stage gets: it may emit events, as an input does, which count as those of its server. */
export interface StageContext extends InputContext {
  /** Of the server: the tag of events for which the stage has no other. */
  readonly tag: string
  /** How many workers share the server, each with stages of its own: what a stage limits it divides among them. */
  readonly workers: number
  /** The last values that the agent knows of. */
  readonly latest: Latest
}

/** A plugin of the HTTP stack. `create` touches no network, file or device: `check` runs it. */
export interface StageDefinition<O extends Options = Options> extends Definition<O> {
  /** Set where its events may carry other tags than the server's: no pattern is then known to match nothing. */
  readonly anyTag?: true
  /**
   * Set where several workers of a server may each have a stage of their own: it keeps no state and no last values, nor anything else
   * that all requests must find.
   */
  readonly shared?: true
  /**
   * What `check` looks at besides, and a start does not: files with programs of the user's. Touches no network and no device.
   * Rejects with an AgentError that says what is wrong.
   */
  check?(options: ValuesOf<O & typeof stageOptions>): Promise<void>
  /** The file of the user's module that its stages run in this process: what that throws where nobody waits for it does not end the agent. */
  runs?(options: ValuesOf<O & typeof stageOptions>): string
  create(options: ValuesOf<O & typeof stageOptions>, context: StageContext): Stage
}

export function defineStage<const O extends Options>(
  definition: StageDefinition<O>,
): Defined<'stage', StageDefinition<O>> {
  return { ...definition, kind: 'stage' }
}
