import { HttpError, unavailable } from '../http/http-error.js'
import type { HttpExchange } from '../http/http-exchange.js'
import type { InputContext } from '../plugin/context.js'
import { BodyReader } from './body-reader.js'
import type { Endpoint } from './endpoint.js'
import { IdempotencyWindow } from './idempotency.js'
import { inflate } from './inflate.js'
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
      return endpoint.accept(exchange, await this.#once(exchange, endpoint))
    } catch (error) {
      if (!(error instanceof HttpError) || !endpoint.refuse) throw error
      this.#context.count(`refused_${error.reason}`)
      return endpoint.refuse(exchange, error)
    }
  }

  /** How many events there were; 0 for a request that was taken before. */
  async #once(exchange: HttpExchange, endpoint: Endpoint): Promise<number> {
    const key = exchange.header('idempotency-key')
    if (key === undefined) return this.#take(exchange, endpoint)
    let count = 0
    const take = async (): Promise<void> => void (count = await this.#take(exchange, endpoint))
    if (await this.#window.once(`${exchange.path} ${key}`, take)) this.#context.count('repeated_requests')
    return count
  }

  async #take(exchange: HttpExchange, endpoint: Endpoint): Promise<number> {
    if (!this.#context.hasRoom) throw unavailable('the memory for events is full')
    checkFraming(exchange)
    const reading = endpoint.reading(exchange)
    const bytes = await bodyOf(exchange)
    const tag = endpoint.tag?.(exchange) ?? this.#tag
    const events = this.#reader.read(exchange, { reading, bytes, tag })
    await takeEvents(events, this.#context)
    return events.reduce((sum, { count }) => sum + count, 0)
  }
}

/** What comes behind an HTTP/1.1 head that tells no length would be the next request. */
function checkFraming({ request: { headers, httpVersionMajor } }: HttpExchange): void {
  if (httpVersionMajor > 1 || headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
    return
  throw new HttpError(411, 'expected a body with Content-Length or Transfer-Encoding', { reason: 'no_length' })
}

async function bodyOf(exchange: HttpExchange): Promise<Buffer> {
  const sent = await exchange.body()
  const encoding = exchange.header('content-encoding')
  if (encoding === undefined) return sent
  const inflated = await inflate(sent, encoding, exchange.limits.inflatedBytes)
  if (!exchange.hold(inflated.length)) throw unavailable('the memory for events is full')
  return inflated
}
