import type { TagRoutes } from '../admin/tag-routes.js'
import type { CheckedPipeline } from '../config/pipeline.js'
import type { Pipeline } from './pipeline.js'

/** Asks the routes of a configuration themselves, as the pipeline does of a tag that is new to it. */
export function tagRoutesOf({ filters, outputs }: CheckedPipeline, { inputs }: Pick<Pipeline, 'inputs'>): TagRoutes {
  return {
    inputs: Object.fromEntries(inputs.map(({ id, tag }) => [id, tag])),
    takersOf: (tag) => ({ filters: idsOf(filters, tag), outputs: idsOf(outputs, tag) }),
  }
}

interface Taker {
  readonly id: string
  readonly match: (tag: string) => boolean
}

function idsOf(takers: readonly Taker[], tag: string): readonly string[] {
  return takers.filter(({ match }) => match(tag)).map(({ id }) => id)
}
