import { Agent, request } from 'node:http'

/** Events of one body. */
const perBody = 20
const clients = 8

/** Clients that post numbered events, each body once, over connections that they keep, until they are told to stop. */
export class PostStorm {
  /** The numbers up to here were sent. */
  sent = 0
  /** Those that were answered with a 2xx. */
  readonly taken = new Set<number>()
  /** Those that were answered with something else, by status. */
  readonly refused = new Map<number, number>()
  readonly #port: number
  readonly #connections = new Agent({ keepAlive: true, maxSockets: clients })
  #watching: (() => void) | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** Posts until so many events more were taken, and then on until `end` has come true. */
  async blow(enough: number, end: () => Promise<unknown>): Promise<void> {
    const over = new AbortController()
    const goal = this.taken.size + enough
    const reached = new Promise<void>((resolve) => {
      this.#watching = () => this.taken.size >= goal && resolve()
    })
    const working = Array.from({ length: clients }, async () => {
      while (!over.signal.aborted) await this.#postOne()
    })
    await reached
    await end()
    over.abort()
    await Promise.all(working)
  }

  close(): void {
    this.#connections.destroy()
  }

  async #postOne(): Promise<void> {
    const from = this.sent
    this.sent += perBody
    const numbers = Array.from({ length: perBody }, (_, at) => from + at)
    const status = await this.#statusOf(from % (2 * perBody) === 0, numbers)
    if (status >= 200 && status < 300) for (const n of numbers) this.taken.add(n)
    else this.refused.set(status, (this.refused.get(status) ?? 0) + 1)
    this.#watching?.()
  }

  /** 0 where there was no answer. */
  #statusOf(isArray: boolean, numbers: readonly number[]): Promise<number> {
    const events = numbers.map((n) => JSON.stringify({ n, fill: 'x'.repeat(100) }))
    const headers = { 'content-type': isArray ? 'application/json' : 'application/x-ndjson' }
    const options = { port: this.#port, path: '/storm', method: 'POST', agent: this.#connections, headers }
    return new Promise((resolve) => {
      const posted = request(options, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0))
        response.once('error', () => resolve(0))
      })
      posted.once('error', () => resolve(0))
      posted.end(isArray ? `[${events.join()}]` : events.join('\n'))
    })
  }
}
