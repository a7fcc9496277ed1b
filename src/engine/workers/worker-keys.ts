import { messageOf } from '../../plugin/errors.js'
import type { WorkerPort } from './worker-port.js'

/** Asks the agent which keys are known, since what has one may come to any worker. */
export class WorkerKeys {
  readonly #port: WorkerPort
  readonly #asked = new Map<number, (isKnown: boolean) => void>()
  #asks = 0

  constructor(port: WorkerPort) {
    this.#port = port
  }

  async once(key: string, windowMs: number, take: () => Promise<void>): Promise<boolean> {
    const ask = this.#asks++
    if (await this.#isKnown(ask, key, windowMs)) return true
    try {
      await take()
      this.#port.send({ kind: 'taken', ask })
    } catch (error) {
      this.#port.send({ kind: 'taken', ask, error: messageOf(error) })
      throw error
    }
    return false
  }

  /** The agent answered. */
  hear(ask: number, isKnown: boolean): void {
    this.#asked.get(ask)?.(isKnown)
    this.#asked.delete(ask)
  }

  #isKnown(ask: number, key: string, windowMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.#asked.set(ask, resolve)
      this.#port.send({ kind: 'once', ask, key, windowMs })
    })
  }
}
