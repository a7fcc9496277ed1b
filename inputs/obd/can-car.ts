import { type CanFrame, ObdCan, type ObdAnswer, type ObdLink } from 'sluice/can'
import type { CanBus, CanFilter } from 'sluice/can-bus'
import { AgentError, type PluginContext } from 'sluice/plugin'
import type { Protocol } from './options.js'

/** Identifiers from which ECUs answer (ISO 15765-4, 6.3.2): the kernel keeps all others back. */
export const answerFilters: readonly CanFilter[] = [
  { id: 0x7e8, mask: 0x7f8, extended: false },
  { id: 0x18_da_f1_00, mask: 0x1f_ff_ff_00, extended: true },
]

export interface CarSettings {
  readonly protocol: Protocol
  readonly timeout: number
}

/** Whether diagnostics have identifiers of 29 bits, by the protocol; both are tried where it is to be found out. */
function widthsOf(protocol: Protocol): boolean[] {
  if (protocol === 'auto') return [false, true]
  return [protocol.startsWith('can_29bit')]
}

/** Refuses protocols that a CAN bus does not have. Throws an AgentError, `OBD_PROTOCOL`. */
export function checkCanProtocol(protocol: Protocol): void {
  if (protocol === 'auto' || protocol.startsWith('can_')) return
  throw new AgentError('OBD_PROTOCOL', `protocol: expected one of CAN for a bus of this machine, got "${protocol}"`)
}

/** The ECUs of a car on a bus of this machine. */
export class CanCar implements ObdLink {
  readonly #bus: CanBus
  /** The first of them is the one that was answered last. */
  #clients: ObdCan[]
  readonly #take = (frame: CanFrame): void => {
    for (const client of this.#clients) client.take(frame)
  }

  constructor(bus: CanBus, { protocol, timeout }: CarSettings, context: PluginContext) {
    this.#bus = bus
    this.#clients = widthsOf(protocol).map(
      (extended) =>
        new ObdCan({
          clock: context.clock,
          extended,
          answerMs: timeout,
          send: (frame) => bus.send(frame),
          onFault: (fault) => context.count(`isotp_${fault}`),
        }),
    )
  }

  /** Where nobody answers that was there, others may have been meant. */
  async request(request: Uint8Array, expected?: number, ecu?: string): Promise<ObdAnswer[]> {
    for (const client of this.#clients) {
      const answers = await client.request(request, expected, ecu)
      if (answers.length === 0) continue
      this.#clients = [client, ...this.#clients.filter((other) => other !== client)]
      return answers
    }
    return []
  }

  /** Does `work`, and hears the bus until it is done or the signal is aborted. Throws what either of them throws. */
  async during(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    const done = new AbortController()
    const both = AbortSignal.any([signal, done.signal])
    const ends = [this.#hear(both), work(both)].map((each) => each.finally(() => done.abort()))
    try {
      const failed = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected')
      if (failed && !signal.aborted) throw failed.reason
    } finally {
      for (const client of this.#clients) client.close()
      this.#bus.close()
    }
  }

  async #hear(signal: AbortSignal): Promise<void> {
    while (await this.#bus.next(this.#take, signal));
  }
}
