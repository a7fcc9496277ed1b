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
    const key = exchange.header('idempotency-key')
    try {
      const count = await (key === undefined ? this.#take(exchange, endpoint) : this.#once(key, exchange, endpoint))
      return endpoint.accept(exchange, count)
    } catch (error) {
      if (!(error instanceof HttpError) || !endpoint.refuse) throw error
      this.#context.count(`refused_${error.reason}`)
      return endpoint.refuse(exchange, error)
    }
  }

  /** The number of events is 0 for a request that was taken before. */
  async #once(key: string, exchange: HttpExchange, endpoint: Endpoint): Promise<number> {
    let count = 0
    const take = async (): Promise<void> => void (count = await this.#take(exchange, endpoint))
    if (await this.#window.once(`${exchange.path} ${key}`, take)) this.#context.count('repeated_requests')
    return count
  }

  async #take(exchange: HttpExchange, endpoint: Endpoint): Promise<number> {
    if (!this.#context.hasRoom) throw unavailable('the memory for events is full')
    checkFraming(exchange)
    const reading = endpoint.reading(exchange)
    const encoding = exchange.header('content-encoding')
    const body = await exchange.body()
    const isPlain = encoding === undefined || encoding.toLowerCase() === endpoint.packed
    const bytes = isPlain ? body : await inflated(exchange, body, encoding)
    const tag = endpoint.tag?.(exchange) ?? this.#tag
    const events = this.#reader.read(exchange, { reading, bytes, tag })
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

async function inflated(exchange: HttpExchange, body: Buffer, encoding: string): Promise<Buffer> {
  const bytes = await inflate(body, encoding, exchange.limits.inflatedBytes)
  if (!exchange.hold(bytes.length)) throw unavailable('the memory for events is full')
  return bytes
}
