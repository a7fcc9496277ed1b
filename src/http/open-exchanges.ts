import type { HttpExchange } from './http-exchange.js'
import type { HttpResponse } from './messages.js'

const kept = Symbol('open')

interface Open {
  readonly exchange: HttpExchange
  at: number
}

type Carrier = HttpResponse & { [kept]?: Open | undefined }

/** All exchanges that are not over, found by their responses: a hash table would cost each request more than all the rest that is done here. */
export class OpenExchanges {
  readonly #all: Open[] = []

  get count(): number {
    return this.#all.length
  }

  get all(): readonly HttpExchange[] {
    return this.#all.map(({ exchange }) => exchange)
  }

  of(response: HttpResponse): HttpExchange | undefined {
    return (response as Carrier)[kept]?.exchange
  }

  add(exchange: HttpExchange): void {
    const carrier = exchange.response as Carrier
    const open = { exchange, at: this.#all.length }
    carrier[kept] = open
    this.#all.push(open)
  }

  /** The last one takes its place. */
  delete({ response }: HttpExchange): void {
    const carrier = response as Carrier
    const open = carrier[kept]
    const last = this.#all.at(-1)
    if (!open || !last) return
    carrier[kept] = undefined
    this.#all[open.at] = last
    last.at = open.at
    this.#all.pop()
  }
}
