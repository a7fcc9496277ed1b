import { createHash } from 'node:crypto'

import { HttpError, unavailable } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { InputContext } from '../plugin/context.js'
import { type Body, BodyReader } from './body-reader.js'
import type { Endpoint } from './endpoint.js'
import { IdempotencyWindow } from './idempotency.js'
import { type Inflate, inflaterFor } from './inflate.js'
import type { IngestSettings } from './ingest-options.js'
import { takeEvents } from './take-events.js'

/** Takes what requests bring: never says yes before the promise of the input's `ack` holds. */
export class Ingest {
  readonly #context: InputContext
  readonly #tag: string
  readonly #reader: BodyReader
  readonly #window: IdempotencyWindow

  constructor(settings: IngestSettings, context: InputContext) {
    this.#context = context
    this.#tag = settings.tag
    this.#reader = new BodyReader(settings, context)
    this.#window = new IdempotencyWindow(settings.idempotency_window, context.clock)
  }

  async take(exchange: HttpExchange, endpoint: Endpoint): Promise<true> {
    try {
      return endpoint.accept(exchange, await this.#receive(exchange, endpoint))
    } catch (error) {
      if (!(error instanceof HttpError) || !endpoint.refuse) throw error
      this.#context.count(`refused_${error.reason}`)
      return endpoint.refuse(exchange, error)
    }
  }

  /** How many events there were; 0 for a request that was taken before. */
  async #receive(exchange: HttpExchange, endpoint: Endpoint): Promise<number> {
    if (!this.#context.hasRoom) throw unavailable('the memory for events is full')
    checkFraming(exchange)
    const reading = endpoint.reading(exchange)
    const inflate = inflaterOf(exchange, endpoint)
    const body = await exchange.body()
    const bytes = inflate ? await inflated(exchange, inflate(body, exchange.limits.inflatedBytes)) : body
    const key = exchange.header('idempotency-key')
    const given = { reading, bytes, tag: endpoint.tag?.(exchange) ?? this.#tag }
    return key === undefined ? this.#take(exchange, given) : this.#takeOnce(key, exchange, given)
  }

  /** A key alone is no proof: two clients may count their requests alike. */
  async #takeOnce(key: string, exchange: HttpExchange, body: Body): Promise<number> {
    const digest = createHash('sha256').update(body.bytes).digest('base64')
    let count = 0
    const take = async (): Promise<void> => void (count = await this.#take(exchange, body))
    if (await this.#window.once(`${exchange.path} ${digest} ${key}`, take)) this.#context.count('repeated_requests')
    return count
  }

  async #take(exchange: HttpExchange, body: Body): Promise<number> {
    const events = this.#reader.read(exchange, body)
    const count = events.reduce((sum, group) => sum + group.count, 0)
    await takeEvents(events, this.#context)
    return count
  }
}

/** What comes behind an HTTP/1.1 head that tells no length would be the next request. */
function checkFraming({ request: { headers, httpVersionMajor } }: HttpExchange): void {
  if (httpVersionMajor > 1 || headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
    return
  throw new HttpError(411, 'expected a body with Content-Length or Transfer-Encoding', { reason: 'no_length' })
}

/** Undefined where there is nothing to undo. What nobody can undo is refused before the body is asked for. */
function inflaterOf(exchange: HttpExchange, { packed }: Endpoint): Inflate | undefined {
  const encoding = exchange.header('content-encoding')
  return encoding === undefined || encoding.toLowerCase() === packed ? undefined : inflaterFor(encoding)
}

async function inflated(exchange: HttpExchange, inflating: Promise<Buffer>): Promise<Buffer> {
  const bytes = await inflating
  if (!exchange.hold(bytes.length)) throw unavailable('the memory for events is full')
  return bytes
}
