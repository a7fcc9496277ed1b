import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'

import type { Clock } from '../base/clock.js'
import { unlessAborted } from '../base/unless-aborted.js'
import { AgentError, messageOf } from '../plugin/errors.js'
import { Exchange } from './exchange.js'
import { polled } from './polled.js'
import type { Outgoing, Sender } from './sending-output.js'
import { targetText } from './target.js'

export interface DatagramSettings {
  /** For the look-up of the name, and for each group of datagrams that the kernel is to take. */
  readonly timeoutMs: number
  readonly clock: Clock
}

/** What an event goes out as, by its place in the batch: one datagram, or several, or undefined where it is refused. */
export type Datagrams = readonly (Uint8Array | readonly Uint8Array[] | undefined)[]

/** What the largest packets of IPv4 leave for the bytes of a datagram (RFC 768, and RFC 791, section 3.1). */
export const largestDatagram = 65_507

/** Datagrams that are handed to the kernel before the first of them is waited for. */
const groupSize = 64

/**
 * A UDP socket that is connected, so that the kernel tells when nobody listens there. Throws an AgentError `NET_LOOKUP` where the
 * name is not known, `NET_CONNECT` where there is no way there; the signal's reason when it is aborted.
 */
export async function openDatagrams(
  target: { readonly host: string; readonly port: number },
  { timeoutMs, clock }: DatagramSettings,
  signal: AbortSignal,
): Promise<DatagramSender> {
  const where = targetText(target)
  const { address, family } = await addressOf(target.host, where, timeoutMs, signal)
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  try {
    socket.connect(target.port, address)
    await once(socket, 'connect', { signal })
  } catch (error) {
    socket.close()
    if (signal.aborted) throw signal.reason
    throw new AgentError('NET_CONNECT', `connect to ${where}: ${messageOf(error)}`, { cause: error })
  }
  return new DatagramSender(socket, { where, timeoutMs, clock })
}

async function addressOf(host: string, where: string, timeoutMs: number, signal: AbortSignal) {
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    return await unlessAborted(unlessAborted(lookup(host), deadline), signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const reason = deadline.aborted ? `no answer within ${timeoutMs} ms` : messageOf(error)
    throw new AgentError('NET_LOOKUP', `look up ${where}: ${reason}`, { cause: error })
  }
}

/** Sends each event in a datagram of its own. A delivery ends when the kernel has taken them all and nobody refused one so far. */
export class DatagramSender implements Sender<Datagrams> {
  readonly #socket: Socket
  readonly #settings: DatagramSettings & { readonly where: string }
  readonly #exchange: Exchange
  #pending = 0
  #closed = false

  constructor(socket: Socket, settings: DatagramSettings & { readonly where: string }) {
    this.#socket = socket
    this.#settings = settings
    this.#exchange = new Exchange(settings.clock, () => this.close())
    socket.on('error', (error) => this.fail(this.#broken(error)))
  }

  get usable(): boolean {
    return this.#exchange.failure === undefined
  }

  send({ payload, refused }: Outgoing<Datagrams>, signal: AbortSignal): Promise<void> {
    const limits = { timeoutMs: this.#settings.timeoutMs, late: () => this.#late(), signal }
    return this.#exchange.within(limits, async () => {
      for (let first = 0; first < payload.length; first += groupSize) {
        this.#sendGroup(payload, first, refused)
        await this.#exchange.until(() => this.#pending === 0)
      }
      // That nobody listens.
      await polled()
      await this.#exchange.until(() => true)
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.close()
  }

  fail(error: Error): void {
    this.#exchange.fail(error)
  }

  #sendGroup(datagrams: Datagrams, first: number, refused: Map<number, string>): void {
    const end = Math.min(first + groupSize, datagrams.length)
    for (let index = first; index < end && this.usable; index++) {
      const event = datagrams[index]
      if (event === undefined) continue
      if (event instanceof Uint8Array) this.#send(event, index, refused)
      else for (const bytes of event) this.#send(bytes, index, refused)
    }
  }

  #send(bytes: Uint8Array, index: number, refused: Map<number, string>): void {
    this.#pending++
    this.#socket.send(bytes, (error) => {
      if (error) this.#failed(error, index, refused)
      if (--this.#pending === 0) this.#exchange.moved()
    })
  }

  /** The kernel may know of a smaller limit than that of the protocol. */
  #failed(error: NodeJS.ErrnoException, index: number, refused: Map<number, string>): void {
    if (error.code === 'EMSGSIZE') refused.set(index, `${this.#settings.where}: too large for a datagram`)
    else this.fail(this.#broken(error))
  }

  #broken(error: Error): AgentError {
    return new AgentError('NET_BROKEN', `${this.#settings.where}: ${error.message}`, { cause: error })
  }

  #late(): AgentError {
    const { where, timeoutMs } = this.#settings
    return new AgentError('NET_STALLED', `${where}: no datagram left for ${timeoutMs} ms`)
  }
}
