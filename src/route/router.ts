/** A tag seen for the first time is matched once against every route; this many answers are remembered. */
const rememberedTags = 4096

export interface Route<T> {
  readonly match: (tag: string) => boolean
  readonly target: T
}

/** Tag to the targets whose routes match it, in the order of the file: the same list for all tags that have the same targets. */
export class Router<T> {
  readonly #routes: readonly Route<T>[]
  readonly #known = new Map<string, readonly T[]>()
  readonly #lists = new Map<string, readonly T[]>()

  constructor(routes: readonly Route<T>[]) {
    this.#routes = routes
  }

  of(tag: string): readonly T[] {
    return this.#known.get(tag) ?? this.#resolve(tag)
  }

  #resolve(tag: string): readonly T[] {
    if (this.#known.size >= rememberedTags) this.#known.clear()
    const matching = this.#routes.filter((route) => route.match(tag))
    const key = matching.map((route) => this.#routes.indexOf(route)).join()
    const targets = this.#lists.get(key) ?? matching.map((route) => route.target)
    this.#lists.set(key, targets)
    this.#known.set(tag, targets)
    return targets
  }
}
