import {
  expositionFor,
  FixedAccount,
  type HttpServerSettings,
  routerOf,
  serveHttp,
  type ServerContext,
} from 'sluice/http'
import { type Batch, type Event, type Output, type OutputContext, readEvents } from 'sluice/plugin'
import type { Gauges, Reading } from './gauges.js'

export interface ExporterSettings {
  /** Where it listens, and how it speaks. */
  readonly server: Omit<HttpServerSettings, 'stages' | 'listening'>
  readonly path: string
  readonly destination: string
  readonly readingsOf: (event: Event) => readonly Reading[]
}

/** What the bodies of requests may hold together: nobody sends any. */
const memoryBytes = 64 * 1024

/** Takes events by remembering their numbers, and serves these for as long as it runs. */
export class Exporter implements Output {
  readonly destination: string
  readonly #settings: ExporterSettings
  readonly #gauges: Gauges
  readonly #context: OutputContext
  readonly #stop = new AbortController()
  #listening: Promise<void> | undefined
  #ended = Promise.resolve()

  constructor(settings: ExporterSettings, gauges: Gauges, context: OutputContext) {
    this.destination = settings.destination
    this.#settings = settings
    this.#gauges = gauges
    this.#context = context
  }

  /** Nothing is delivered that nobody can read: where it cannot listen, the events wait. */
  async flush({ chunks }: Batch): Promise<void> {
    await (this.#listening ??= this.#listen())
    for (const chunk of chunks) for (const event of readEvents(chunk)) this.#take(event)
  }

  close(): Promise<void> {
    this.#stop.abort()
    return this.#ended
  }

  #take(event: Event): void {
    for (const reading of this.#settings.readingsOf(event)) {
      const gone = this.#gauges.set(reading)
      if (gone > 0) this.#context.count('too_many_series', gone)
    }
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { server, path } = this.#settings
      const listening = (addresses: readonly string[]): void => {
        this.#context.log.info('listening', { addresses: [...addresses] })
        resolve()
      }
      const stages = [{ id: this.#context.id, stage: { handle: this.#route(path) } }]
      const served = serveHttp({ ...server, stages, listening }, this.#serverContext(), this.#stop.signal)
      this.#ended = served.catch((error: unknown) => {
        this.#listening = undefined
        reject(error)
      })
    })
  }

  #route(path: string) {
    return routerOf({
      [`GET ${path}`]: (exchange) => {
        const { contentType, text } = expositionFor(exchange.header('accept'))
        exchange.reply(200, text(this.#gauges.families), { 'content-type': contentType, vary: 'accept' })
      },
    })
  }

  #serverContext(): ServerContext {
    const { log, clock } = this.#context
    const memory = new FixedAccount(memoryBytes)
    return {
      log,
      clock,
      count: (name, amount) => this.#context.count(name, amount),
      reserve: (bytes) => memory.reserve(bytes),
      release: (bytes) => memory.release(bytes),
    }
  }
}
