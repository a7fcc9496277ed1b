import type { PlacedStage, Stage, StageContext } from '../../src/http/index.js'
import type { AnyDefinition } from '../../src/registry/plugin.js'
import { RecordingInputContext } from './input-context.js'
import { optionsOf } from './options.js'

type Raw = { readonly [name: string]: unknown }

interface Creatable extends Pick<AnyDefinition, 'kind' | 'options'> {
  create(options: never, context: StageContext): Stage
}

/** A stage in its place, of options as a file has them. */
export function placedStage(
  definition: Creatable,
  raw: Raw = {},
  context: StageContext = new RecordingInputContext(),
): PlacedStage {
  const options: { readonly path?: string; readonly hosts?: readonly string[] } = optionsOf(definition, raw)
  const { path = '/', hosts = [] } = options
  return { id: 'test.0', path, hosts, stage: definition.create(options as never, context) }
}

/** A stage that greets everybody who gets to it. */
export const greeting: Stage = { handle: (exchange) => exchange.reply(200, 'hello') }

/** A stage that knows everybody by the header `x-user`, which no real one would. */
export const trusting: Stage = {
  onRequest(exchange) {
    exchange.user = exchange.header('x-user')
    return false
  },
}
