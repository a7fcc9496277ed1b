import type { Duplex } from 'node:stream'
import { type HttpExchange, type Owned, type Stage, type StageContext, unavailable } from 'sluice/http'

import { type RunningService, startService } from './running-service.js'
import type { ServiceOptions } from './service-options.js'

/** A service as a stage: it is loaded when its server starts, and requests that come before wait for it. */
export class ServiceStage implements Stage {
  readonly #options: ServiceOptions
  readonly #context: StageContext
  #starting: Promise<RunningService> | undefined
  #running: RunningService | undefined

  constructor(options: ServiceOptions, context: StageContext) {
    this.#options = options
    this.#context = context
  }

  handle(exchange: HttpExchange): Owned {
    return this.#running ? this.#running.handle(exchange) : this.#started().then((running) => running.handle(exchange))
  }

  async onUpgrade(exchange: HttpExchange, socket: Duplex, head: Buffer): Promise<boolean> {
    const running = this.#running ?? (await this.#started())
    return running.upgrade({ exchange, socket, head })
  }

  /** Rejects where the module cannot be loaded or does not start: its server then fails, and is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    this.#starting = startService(this.#options, this.#context)
    try {
      this.#running = await this.#starting
      await this.#running.run(signal)
    } finally {
      this.#starting = this.#running = undefined
    }
  }

  async #started(): Promise<RunningService> {
    try {
      if (this.#starting) return await this.#starting
    } catch {
      // whoever runs the server is told why
    }
    throw unavailable('the service does not run', 10, 'service_down')
  }
}
