import type { Cancel, Clock } from '../base/clock.js'
import { discardBody } from './body.js'
import type { HttpExchange } from './http-exchange.js'
import type { HttpResponse } from './messages.js'
import { Outbox } from './outbox.js'

/** One event of a stream (WHATWG HTML, section 9.2, server-sent events). */
export interface ServerSentEvent {
  /** Any text; each of its lines becomes a line of data. */
  readonly data: string
  /** Its type, `message` for the client unless given. */
  readonly event?: string
  /** What a client that connects again says in `Last-Event-ID`. */
  readonly id?: string
}

export interface EventStreamSettings {
  readonly clock: Clock
  /** Most bytes that wait for a client that reads too slowly; then its oldest events are dropped. */
  readonly limitBytes: number
  /** How long a client waits before it connects again; its own choice unless given. */
  readonly retryMs?: number
  /** A comment is sent this often, so that nobody between takes the connection for a dead one; 15 s unless given. */
  readonly keepAliveMs?: number
}

export interface EventStream {
  /** Never waits; without effect once the stream is closed. */
  send(event: ServerSentEvent): void
  /** Events that this client was too slow for. */
  readonly dropped: number
  /** Resolves when the client went away, the server stops, or `close` was called. */
  readonly closed: Promise<void>
  close(): void
}

const defaultKeepAliveMs = 15_000

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx holds back what it passes on unless told not to.
  'x-accel-buffering': 'no',
}

/** Answers a request with a stream of events that ends with the connection. */
export function openEventStream(exchange: HttpExchange, settings: EventStreamSettings): EventStream {
  const { response } = exchange
  discardBody(exchange)
  response.writeHead(200, headers)
  response.flushHeaders()
  const stream = new ResponseEventStream(exchange, settings)
  if (exchange.method === 'HEAD') stream.close()
  return stream
}

class ResponseEventStream implements EventStream {
  readonly closed: Promise<void>
  readonly #exchange: HttpExchange
  readonly #settings: EventStreamSettings
  readonly #outbox: Outbox<string>
  #cancelKeepAlive: Cancel = () => undefined
  #isClosed = false

  constructor(exchange: HttpExchange, settings: EventStreamSettings) {
    const { response, stopping } = exchange
    this.#exchange = exchange
    this.#settings = settings
    this.#outbox = new Outbox<string>({
      limitBytes: settings.limitBytes,
      sizeOf: (text) => Buffer.byteLength(text),
      write: (text) => {
        exchange.sentBytes += Buffer.byteLength(text)
        return response.write(text)
      },
    })
    const stop = (): void => this.close()
    response.on('drain', () => this.#outbox.drained())
    stopping.addEventListener('abort', stop)
    this.closed = closeOf(response).finally(() => {
      stopping.removeEventListener('abort', stop)
      this.#ended()
    })
    this.#begin()
  }

  get dropped(): number {
    return this.#outbox.dropped
  }

  send(event: ServerSentEvent): void {
    if (!this.#isClosed) this.#outbox.send(eventText(event))
  }

  /** A client that has yet to read what it was sent would keep the connection open for as long as it likes. */
  close(): void {
    if (this.#isClosed) return
    const { response } = this.#exchange
    if (this.#outbox.isFull) response.destroy()
    else response.end()
    this.#ended()
  }

  #begin(): void {
    if (this.#exchange.stopping.aborted) return this.close()
    const { retryMs } = this.#settings
    if (retryMs !== undefined) this.#outbox.send(`retry: ${retryMs}\n\n`)
    this.#keepAlive()
  }

  #keepAlive(): void {
    const { clock, keepAliveMs = defaultKeepAliveMs } = this.#settings
    this.#cancelKeepAlive = clock.after(keepAliveMs, () => {
      if (!this.#outbox.isFull) this.#outbox.send(':\n\n')
      this.#keepAlive()
    })
  }

  #ended(): void {
    this.#isClosed = true
    this.#cancelKeepAlive()
    this.#outbox.clear()
  }
}

function closeOf(response: HttpResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve()
    else response.once('close', resolve)
  })
}

/** The lines of an event, with the empty one that ends it (section 9.2.6, interpreting an event stream). */
export function eventText({ data, event, id }: ServerSentEvent): string {
  const head = `${event === undefined ? '' : `event: ${oneLine(event)}\n`}${id === undefined ? '' : `id: ${oneLine(id)}\n`}`
  return `${head}data: ${data.replaceAll(/\r\n|\r|\n/g, '\ndata: ')}\n\n`
}

/** The end of a line would end the field, and a client passes over an id with a NUL. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]/g, ' ')
}
