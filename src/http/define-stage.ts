import type { stageOptions } from '../plugin/common-options.js'
import type { InputContext } from '../plugin/context.js'
import type { Defined, Definition } from '../plugin/define.js'
import type { Options, ValuesOf } from '../plugin/options.js'
import type { Stage } from './stage.js'

/** What a stage gets: it may emit events, as an input does, which come from its server. */
export type StageContext = InputContext

/** A plugin of the HTTP stack. `create` touches no network, file or device: `check` runs it. */
export interface StageDefinition<O extends Options = Options> extends Definition<O> {
  create(options: ValuesOf<O & typeof stageOptions>, context: StageContext): Stage
}

export function defineStage<const O extends Options>(
  definition: StageDefinition<O>,
): Defined<'stage', StageDefinition<O>> {
  return { ...definition, kind: 'stage' }
}
