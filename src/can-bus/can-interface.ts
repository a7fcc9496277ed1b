import { type Libc, loadLibc } from '../libc/index.js'
import type { PluginContext } from '../plugin/context.js'
import { AgentError } from '../plugin/errors.js'
import { Candump } from './candump.js'
import type { CanSource, TakeFrame } from './can-bus.js'
import { SocketCan, type SocketCanSettings } from './socketcan/socketcan.js'

export interface CanInterfaceSettings extends Omit<SocketCanSettings, 'own'> {
  /** The program to read by where koffi is missing: `candump` unless said. */
  readonly command?: string
}

/** A CAN interface of the kernel for whoever only listens: by SocketCAN, or by the program candump where koffi cannot be loaded. */
export class CanInterface implements CanSource {
  readonly #settings: CanInterfaceSettings
  readonly #context: Pick<PluginContext, 'clock' | 'count' | 'log'>
  readonly #load: () => Promise<Libc>
  #source: CanSource | undefined

  constructor(
    settings: CanInterfaceSettings,
    context: Pick<PluginContext, 'clock' | 'count' | 'log'>,
    load: () => Promise<Libc> = loadLibc,
  ) {
    this.#settings = settings
    this.#context = context
    this.#load = load
  }

  async next(take: TakeFrame, signal: AbortSignal): Promise<boolean> {
    this.#source ??= await this.#open()
    return this.#source.next(take, signal)
  }

  close(): void {
    this.#source?.close()
  }

  async #open(): Promise<CanSource> {
    try {
      await this.#load()
      return new SocketCan(this.#settings, this.#context)
    } catch (error) {
      if (!(error instanceof AgentError) || error.code !== 'LIBC_MISSING') throw error
      this.#context.log.warn('reads by candump', { bus: this.#settings.interface, reason: error.message })
      return new Candump(this.#settings, this.#context)
    }
  }
}
