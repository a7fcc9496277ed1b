import { HttpError } from '../http/http-error.js'
import type { Routes } from '../http/router.js'

/** Ids, in the order of the configuration. */
export interface Takers {
  readonly filters: readonly string[]
  readonly outputs: readonly string[]
}

/** The ways that events take through the pipeline. */
export interface TagRoutes {
  /** The tags that inputs and servers state, by their ids. */
  readonly inputs: { readonly [id: string]: string }
  readonly takersOf: (tag: string) => Takers
}

/** Where events of a tag go, or those of each input under the tag that it states. */
export function tagRoutes({ inputs, takersOf }: TagRoutes): Routes {
  const all = () => Object.entries(inputs).map(([id, tag]) => [id, { tag, ...takersOf(tag) }] as const)
  return {
    'GET /api/v2/routes': (exchange) => {
      const tag = tagIn(exchange.query)
      const answer = tag === undefined ? { inputs: Object.fromEntries(all()) } : { tag, ...takersOf(tag) }
      return exchange.json(200, answer)
    },
  }
}

function tagIn(query: string): string | undefined {
  const given = new URLSearchParams(query)
  const unknown = [...given.keys()].find((name) => name !== 'tag')
  if (unknown === undefined) return given.get('tag') ?? undefined
  throw new HttpError(400, `${unknown}: expected tag, got "${unknown}"`, { reason: 'bad_query' })
}
