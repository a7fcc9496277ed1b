import type { InputContext } from '../plugin/context.js'
import type { Definition } from '../plugin/define.js'
import { list, type Options, text, type ValuesOf } from '../plugin/options.js'
import type { Stage } from './stage.js'

/** Every stage. */
export const stageOptions = {
  alias: text('Name of this instance in logs and counters; by default the plugin and a number, such as `static.0`.', {
    pattern: '^[^/]{1,200}$',
    expects: 'a name of up to 200 characters, with no slash',
  }),
  hosts: list('Hosts that it serves, such as `panel.example` or `*.example`; by default all.'),
  path: text('Path that it serves, with all below it.', { default: '/', pattern: '^/', expects: 'a path such as /ui' }),
} as const

/** What a stage gets: it may emit events, as an input does, which come from its server. */
export type StageContext = InputContext

/** A plugin of the HTTP stack. `create` touches no network, file or device: `check` runs it. */
export interface StageDefinition<O extends Options = Options> extends Definition<O> {
  create(options: ValuesOf<O & typeof stageOptions>, context: StageContext): Stage
}

export function defineStage<const O extends Options>(
  definition: StageDefinition<O>,
): StageDefinition<O> & { readonly kind: 'stage' } {
  return { ...definition, kind: 'stage' }
}
